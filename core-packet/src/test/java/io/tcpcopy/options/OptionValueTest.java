package io.tcpcopy.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.flow.Endpoint;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionValueTest {
    @Property
    void readsEveryNumberInItsRange(@ForAll @IntRange(min = 5, max = 70000) int number) throws BadInputException {
        assertThat(value(Integer.toString(number)).number(5, 70000)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "4",
                "100",
                "-7",
                "+7",
                "7 ",
                " 7",
                "07",
                "7.0",
                "7x",
                "0x7",
                "99999999999999999999",
                "٧",
                "4294967303"
            })
    void refusesWhatIsNoNumberInItsRange(String text) {
        assertThatThrownBy(() -> value(text).number(5, 99))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -z: \"" + text + "\": expected a number from 5 to 99");
    }

    @Test
    void readsAnEndpointWithAndWithoutPort() throws BadInputException {
        assertThat(value("10.0.0.1:80").endpoint(7)).isEqualTo(Endpoint.ipv4(0x0A000001, 80));
        assertThat(value("10.0.0.1").endpoint(7)).isEqualTo(Endpoint.ipv4(0x0A000001, 7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "10.0.0.1:",
                "10.0.0.1:0",
                "10.0.0.1:65536",
                "10.0.0.1:80:80",
                "host:80",
                "0.0.0.0:80",
                "80"
            })
    void refusesWhatIsNoEndpoint(String text) {
        assertThatThrownBy(() -> value(text).endpoint(7))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -z: \"" + text + "\": expected ip[:port]");
    }

    @Test
    void readsAList() throws BadInputException {
        assertThat(value("a,b,c").list(3)).extracting(OptionValue::text).containsExactly("a", "b", "c");
        assertThat(value("a").list(3)).extracting(OptionValue::text).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "a,", ",a", "a,,b", "a,b,c,d"})
    void refusesAListWithHolesOrTooManyParts(String text) {
        assertThatThrownBy(() -> value(text).list(3))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("expected a list of 1 to 3 values");
    }

    @Test
    void namesTheWholeValueWhenAPartOfAListIsWrong() {
        assertThatThrownBy(() -> value("10.0.0.1,10.0.0.256").list(2).get(1).address())
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("option -z: \"10.0.0.1,10.0.0.256\": expected an IPv4 address");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> OptionValue.required("-z", null, "a colour"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -z is missing: expected a colour");
    }

    private static OptionValue value(String text) {
        return OptionValue.of("-z", text);
    }

    @Test
    void refusesANameThatIsNotInTheEncodingOfNames() {
        assertThatThrownBy(() -> OptionValue.of("-l", "gr\uFFFDn.log").path())
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("gr\uFFFDn.log");
    }

    @Test
    void saysWhyAFileCannotBeWrittenWithoutItsNameOnceMore() {
        assertThatThrownBy(() -> OptionValue.of("-l", "/proc/self/status/log").appendable())
                .hasMessage("option -l: \"/proc/self/status/log\": cannot be written: Not a directory");
        assertThatThrownBy(() -> OptionValue.of("-l", "/nowhere/log").appendable())
                .hasMessage("option -l: \"/nowhere/log\": cannot be written: there is no such folder");
    }
}
