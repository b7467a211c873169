package io.tcpcopy.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class CommandLineReaderTest {
    @Command(name = "sample", versionProvider = ProgramVersion.class)
    private static final class Options {
        @Option(
                names = {"-F", "--filter"},
                paramLabel = "EXPR",
                description = "a filter")
        private String filter;

        @Option(names = "-n", paramLabel = "NUM")
        private String number;

        @Option(names = "-d")
        private boolean detached;

        @Option(names = "-L")
        private boolean lonely;

        @Option(names = "-h", usageHelp = true)
        private boolean help;

        @Option(names = "-v", versionHelp = true)
        private boolean version;
    }

    private final Options options = new Options();
    private final StringWriter out = new StringWriter();

    @Test
    void takesLettersInAClusterAndAttachedValues() throws BadInputException {
        assertThat(read("-dLn2", "--filter=tcp")).isTrue();

        assertThat(options.detached).isTrue();
        assertThat(options.lonely).isTrue();
        assertThat(options.number).isEqualTo("2");
        assertThat(options.filter).isEqualTo("tcp");
    }

    @Test
    void theLastOfARepeatedOptionWins() throws BadInputException {
        assertThat(read("-n", "1", "-d", "-n2", "-d", "-n", "3")).isTrue();

        assertThat(options.number).isEqualTo("3");
        assertThat(options.detached).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-n", "-z", "--filter", "@/etc/hostname", "@@x", "", "'quoted'", "\"quoted\"", "a=b"})
    void takesAnyValueAsItIs(String value) throws BadInputException {
        assertThat(read("-F", value)).isTrue();

        assertThat(options.filter).isEqualTo(value);
    }

    @Test
    void refusesAnUnknownOption() {
        assertThatThrownBy(() -> read("-z"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("\"-z\": expected an option that -h lists");
    }

    @Test
    void namesTheOptionThatWasMeantPerhaps() {
        assertThatThrownBy(() -> read("--filtr"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("\"--filtr\": expected an option that -h lists, --filter perhaps");
    }

    @Test
    void refusesAWordThatBelongsToNoOptionAndSpeaksOfQuotes() {
        assertThatThrownBy(() -> read("-F", "tcp", "and", "port", "80"))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("TC105: \"and\": expected an option; a value of several words must be quoted");
    }

    @Test
    void refusesAFileOfArguments() {
        assertThatThrownBy(() -> read("@/etc/hostname"))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("TC105: \"@/etc/hostname\": expected an option");
    }

    @Test
    void refusesAnOptionWithoutItsValue() {
        assertThatThrownBy(() -> read("-d", "-F"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -F is missing a value: expected EXPR");
    }

    @Test
    void refusesAValueWhereNoneBelongs() {
        assertThatThrownBy(() -> read("-d=5"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -d: \"5\": expected no value");
    }

    @Test
    void printsHelpInsteadOfRunning() throws BadInputException {
        assertThat(read("-d", "-h")).isFalse();

        assertThat(out.toString()).startsWith("Usage: sample").contains("a filter");
    }

    @Test
    void printsTheVersionInsteadOfRunning() throws BadInputException {
        assertThat(read("-v")).isFalse();

        assertThat(out.toString()).startsWith("sample ").hasLineCount(1);
    }

    private boolean read(String... arguments) throws BadInputException {
        return new CommandLineReader(options).read(arguments, new PrintWriter(out));
    }
}
