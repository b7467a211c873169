package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tcpcopy.lab.HostProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong input gets one clear line, the right exit status, and no stack trace; what is wrong say the tests of the options. */
class StrictInputIT {

    private static final Duration TIME_TO_REFUSE = Duration.ofSeconds(20);
    private static final int CANNOT_START = 1;
    private static final int BAD_INPUT = 2;

    private static final String TRANSFER = "-x 8080-10.2.0.2:8080";
    private static final String TRANSFER_OF_FRAMES = "-x 8080@02:00:0a:02:00:01-10.2.0.2:8080@02:00:0a:02:00:02";
    private static final String INTERCEPT = "-s 10.2.0.3";
    private static final String FILTER = "-F tcp";

    @TempDir
    private Path folder;

    private void assertRefused(List<String> command, String program, int status, String named) throws IOException {
        Path output = Files.createTempFile(folder, program, ".log");
        try (HostProcess process = HostProcess.start(program, output, command)) {
            assertThat(process.waitFor(TIME_TO_REFUSE)).as(process.output()).isEqualTo(status);
            assertThat(process.output().lines())
                    .singleElement()
                    .asString()
                    .startsWith(program + ": ")
                    .contains(named)
                    .doesNotContain("Exception")
                    .doesNotContain("internal error");
        }
    }

    private static List<String> command(String program, String arguments) {
        List<String> command = new ArrayList<>(List.of(Lab.script(program)));
        command.addAll(List.of(arguments.split(" ")));
        return command;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-x 10008-1.2.3",
                "-s 10.2.0.3,,10.2.0.4",
                "-p x",
                "-F tcpp",
                "-i /no/such/file --offline",
                "-l /no/such/folder/log"
            })
    void tcpcopyNamesTheOptionWithABadValue(String option) throws IOException {
        assertRefused(
                command("tcpcopy", TRANSFER + " " + INTERCEPT + " " + option),
                "tcpcopy",
                BAD_INPUT,
                "option " + option.split(" ")[0]);
    }

    @ParameterizedTest
    @CsvSource({"-s 10.2.0.3, -x", "--udp, -x"})
    void tcpcopyNamesTheOptionThatIsMissing(String arguments, String missing) throws IOException {
        assertRefused(command("tcpcopy", arguments), "tcpcopy", BAD_INPUT, missing);
    }

    @Test
    void tcpcopyNamesAnUnknownOption() throws IOException {
        assertRefused(
                command("tcpcopy", TRANSFER + " " + INTERCEPT + " --nonsense"), "tcpcopy", BAD_INPUT, "--nonsense");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-n 17", "-b 1.2.3", "-F tcpp", "-l /no/such/folder/log"})
    void interceptNamesTheOptionWithABadValue(String option) throws IOException {
        assertRefused(command("intercept", FILTER + " " + option), "intercept", BAD_INPUT, option.split(" ")[0]);
    }

    @Test
    void interceptNamesTheMissingFilter() throws IOException {
        assertRefused(command("intercept", "-p 36524"), "intercept", BAD_INPUT, "-F");
    }

    @Test
    void interceptSaysThatAFilterOfSeveralWordsIsToBeQuoted() throws IOException {
        assertRefused(command("intercept", "-F tcp and src port 8080"), "intercept", BAD_INPUT, "quote");
    }

    private static void assumeRoot() throws IOException {
        assumeTrue(
                Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
                "skipped: needs root, to capture or to give up the privilege to");
    }

    @ParameterizedTest
    @CsvSource({
        "tcpcopy, " + TRANSFER + " " + INTERCEPT + ", -i",
        "tcpcopy, " + TRANSFER + " " + INTERCEPT + " --capture raw, -i",
        "tcpcopy, " + TRANSFER + " --udp, -i",
        "tcpcopy, " + TRANSFER_OF_FRAMES + " " + INTERCEPT + " --pcap-send, -o",
        "intercept, " + FILTER + ", -i"
    })
    void namesADeviceThatIsNotThere(String program, String arguments, String option) throws IOException {
        assumeRoot();

        assertRefused(
                command(program, arguments + " " + option + " no-such-device"),
                program,
                BAD_INPUT,
                "option " + option + ": \"no-such-device\": there is no device");
    }

    @Test
    void tcpcopyNamesTheInterceptThatItCannotReach() throws IOException {
        assumeRoot();
        String program = Lab.script("tcpcopy") + " -x 8080-127.0.0.1:8081 -s 127.0.0.1:1";

        assertRefused(
                List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec " + program),
                "tcpcopy",
                CANNOT_START,
                "TC501: no intercept can be reached: intercept 127.0.0.1:1");
    }

    @ParameterizedTest
    @CsvSource({
        "tcpcopy, " + TRANSFER + " " + INTERCEPT + " -L",
        "tcpcopy, " + TRANSFER + " --udp",
        "intercept, " + FILTER
    })
    void namesTheMissingPrivilege(String program, String arguments) throws IOException {
        assumeRoot();
        List<String> command = new ArrayList<>(List.of("setpriv", "--bounding-set", "-net_raw,-net_admin"));
        command.addAll(command(program, arguments));

        assertRefused(command, program, CANNOT_START, "CAP_NET_RAW");
    }
}
