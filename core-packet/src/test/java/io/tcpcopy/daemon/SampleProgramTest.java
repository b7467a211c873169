package io.tcpcopy.daemon;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tcpcopy.net.Libc;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.SocketAddress;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program's life in the foreground as its user sees it: exit status, standard error, log, PID file. */
@Tag("slow")
class SampleProgramTest {
    private static final String LINE_START = "\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d \\+\\d{3} ";

    private static final String READY = "READY=1";

    @TempDir
    private Path folder;

    private SampleProcess process;

    @AfterEach
    void end() {
        process.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void aSignalStopsItInPeace(String signal) throws Exception {
        start("-a", "wait");
        process.untilWaiting();

        process.signal(signal);

        assertThat(process.exitStatus()).isZero();
        assertThat(process.errors()).last().asString().matches(LINE_START + "\\[notice\\] stopped");
    }

    @Test
    void itOutlivesABrokenPipe() throws Exception {
        start("-a", "wait");
        process.untilWaiting();

        process.signal("PIPE");
        process.signal("TERM");

        assertThat(process.exitStatus()).isZero();
    }

    @Test
    void signalsHaveStatisticsAndReportsWritten() throws Exception {
        Path log = folder.resolve("log");
        start("-a", "wait", "-l", log.toString());
        process.untilWaiting();

        process.signal("USR1");
        untilLogged(log, "statistics", 1);
        process.signal("USR1");
        untilLogged(log, "statistics", 2);
        process.signal("USR2");
        untilLogged(log, "report", 1);

        process.signal("TERM");
        assertThat(process.exitStatus()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"HUP, 1", "INT, 2", "USR1, 10", "USR2, 12"})
    void aSignalThatIsIgnoredWhenItStartsGoesOnToBe(String signal, int number) throws Exception {
        process = SampleProcess.start(folder, List.of("env", "--ignore-signal=" + signal), Map.of(), "-a", "wait");
        process.untilWaiting();

        assertThat(process.ignoredSignals() & 1L << number - 1).isNotZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--ignore-signal=TERM", "--block-signal=TERM"})
    void sigtermStopsItWhateverWasMadeOfItBefore(String given) throws Exception {
        process = SampleProcess.start(folder, List.of("env", given), Map.of(), "-a", "wait");
        process.untilWaiting();

        process.signal("TERM");

        assertThat(process.exitStatus()).isZero();
        assertThat(process.errors()).last().asString().matches(LINE_START + "\\[notice\\] stopped");
    }

    @Test
    void statisticsAndReportsAreWrittenWhereTheirSignalsWereBlocked() throws Exception {
        Path log = folder.resolve("log");
        process = SampleProcess.start(
                folder, List.of("env", "--block-signal"), Map.of(), "-a", "wait", "-l", log.toString());
        process.untilWaiting();

        process.signal("USR1");
        process.signal("USR2");

        untilLogged(log, "statistics", 1);
        untilLogged(log, "report", 1);
    }

    @Test
    void itsLogLooksLikeTheOriginalsAndKeepsWhatWasThere() throws Exception {
        Path log = Files.writeString(folder.resolve("log"), "before\n");

        start("-a", "log", "-l", log.toString());

        assertThat(process.exitStatus()).isZero();
        List<String> lines = Files.readAllLines(log);
        List<String> expected = List.of("\\[error\\] one", "\\[warn\\] two", "\\[notice\\] three", "\\[warn\\] four");
        assertThat(lines).hasSize(5).startsWith("before");
        for (int i = 0; i < expected.size(); i++) {
            assertThat(lines.get(i + 1)).matches(LINE_START + expected.get(i));
        }
        assertThat(process.errors()).isEmpty();
    }

    @Test
    void itSaysOfEachOptionWithoutEffectThatItHasNone() throws Exception {
        Path log = folder.resolve("log");

        start("-a", "log", "--million", "--select", "--with-pfring", "-l", log.toString());

        assertThat(process.exitStatus()).isZero();
        List<String> lines = Files.readAllLines(log);
        List<String> options = List.of("--million", "--select", "--with-pfring");
        for (int i = 0; i < options.size(); i++) {
            assertThat(lines.get(i)).matches(LINE_START + "\\[notice\\] " + options.get(i) + " is accepted, but .*");
        }
    }

    @Test
    void itsLogGoesOnAtTheBeginningWhenLogrotateHasCopiedAndCutIt() throws Exception {
        Path log = folder.resolve("log");
        start("-a", "wait", "-l", log.toString());
        process.untilWaiting();
        untilLogged(log, "waiting", 1);

        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            file.truncate(0);
        }
        process.signal("TERM");

        assertThat(process.exitStatus()).isZero();
        assertThat(Files.readAllLines(log)).singleElement().asString().matches(LINE_START + "\\[notice\\] stopped");
    }

    @Test
    void aFullDiskDoesNotEndIt() throws Exception {
        start("-a", "wait", "-l", "/dev/full");
        process.untilWaiting();

        process.signal("USR1");
        process.signal("TERM");

        assertThat(process.exitStatus()).isZero();
        assertThat(process.errors()).isEmpty();
    }

    @Test
    void aLogFileThatCannotBeWrittenIsBadInput() throws Exception {
        start("-a", "log", "-l", folder + "/none/log");

        assertThat(process.exitStatus()).isEqualTo(2);
        assertThat(process.errors())
                .singleElement()
                .asString()
                .startsWith("sample: option -l: \"" + folder + "/none/log\": cannot be written");
    }

    @Test
    void aFailureIsInTheLogFileAsWell() throws Exception {
        Path log = folder.resolve("log");
        start("-a", "fail", "-l", log.toString());

        assertThat(process.exitStatus()).isEqualTo(1);
        assertThat(process.errors()).containsExactly("sample: port 36524 is taken");
        assertThat(Files.readAllLines(log))
                .singleElement()
                .asString()
                .matches(LINE_START + "\\[error\\] port 36524 is taken");
    }

    @Test
    void withoutADaemonItsPidFileHoldsItsOwnIdWhileItRuns() throws Exception {
        Path pidFile = folder.resolve("pid");
        start("-a", "wait", "-P", pidFile.toString());
        process.untilWaiting();

        assertThat(pidFile).hasContent(process.pid() + "\n");

        process.signal("TERM");
        assertThat(process.exitStatus()).isZero();
        assertThat(pidFile).doesNotExist();
    }

    @Test
    void systemdIsToldThatItRuns() throws Exception {
        Path socket = folder.resolve("notify");
        int fd = Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        try {
            assertThat(Libc.bind(fd, SocketAddress.unix(socket.toString()).orElseThrow()))
                    .isZero();
            process = SampleProcess.start(folder, List.of(), Map.of("NOTIFY_SOCKET", socket.toString()), "-a", "wait");

            NativeMemory message = NativeMemory.allocate(READY.length(), ByteOrder.nativeOrder());
            SampleProcess.until(
                    "the message comes",
                    () -> Libc.receive(fd, message.address(0, READY.length()), READY.length(), 0) == READY.length());

            byte[] bytes = new byte[READY.length()];
            message.buffer().get(bytes);
            assertThat(bytes).asString(US_ASCII).isEqualTo(READY);
        } finally {
            Libc.close(fd);
        }
    }

    @Test
    void withoutThePrivilegeToCaptureItSaysWhatIsNeeded() throws Exception {
        assumeRoot();
        process = SampleProcess.start(
                folder,
                List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"),
                Map.of(),
                "-a",
                "capture",
                "-i",
                "any");

        assertThat(process.exitStatus()).isEqualTo(1);
        assertThat(process.errors())
                .singleElement()
                .asString()
                .startsWith("sample: TC101: no permission to capture on any: CAP_NET_RAW is needed; run as root, or");
    }

    @Test
    void anUnknownDeviceIsBadInput() throws Exception {
        assumeRoot();
        start("-a", "capture", "-i", "nowhere0");

        assertThat(process.exitStatus()).isEqualTo(2);
        assertThat(process.errors())
                .containsExactly("sample: TC103: option -i: \"nowhere0\": there is no device nowhere0");
    }

    private static void assumeRoot() {
        assumeTrue(System.getProperty("user.name").equals("root"), "skipped: needs root to capture");
    }

    private void start(String... arguments) throws IOException {
        process = SampleProcess.start(folder, arguments);
    }

    private static void untilLogged(Path log, String text, int times) {
        SampleProcess.until("the log says " + text, () -> SampleProcess.logged(log, text) == times);
    }
}
