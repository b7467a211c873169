package io.tcpcopy.intercept.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.OptionValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowListTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1, true",
        "10.0.0.1, 10.0.0.2, false",
        "0.0.0.0/0, 192.168.0.1, true",
        "10.0.0.0/31, 10.0.0.1, true",
        "10.0.0.0/31, 10.0.0.2, false",
        "192.168.0.0/16, 192.168.255.255, true",
        "192.168.0.0/16, 192.169.0.0, false",
        "128.0.0.0/1, 255.255.255.255, true",
        "128.0.0.0/1, 127.255.255.255, false",
        "10.0.0.1/32, 10.0.0.1, true",
        "'10.0.0.1,10.0.2.0/24', 10.0.2.7, true",
    })
    void anAddressIsAdmittedThatIsListedOrInAListedBlock(String list, String address, boolean admitted)
            throws BadInputException {
        AllowList allowed = AllowList.read(OptionValue.of("--allow", list));
        assertThat(allowed.admits(Address.parse(address).orElseThrow())).isEqualTo(admitted);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0", "127.0.0.1", "255.255.255.255"})
    void withoutAListEverybodyIs(String address) {
        assertThat(AllowList.EVERYBODY.admits(Address.parse(address).orElseThrow()))
                .isTrue();
    }
}
