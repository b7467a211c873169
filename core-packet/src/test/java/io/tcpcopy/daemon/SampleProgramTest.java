package io.tcpcopy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program's life as its user sees it: exit status, standard error, log. */
class SampleProgramTest {
    private static final long TIMEOUT_S = 30;
    private static final String LINE_START = "\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d \\+\\d{3} ";

    @TempDir
    private Path folder;

    private Path err;
    private Process process;

    @BeforeEach
    void prepare() {
        err = folder.resolve("stderr");
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void aSignalStopsItInPeace(String signal) throws Exception {
        start(List.of(), "wait");
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo("waiting");
        }

        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();

        assertThat(exitStatus()).isZero();
        assertThat(Files.readAllLines(err)).singleElement().asString().matches(LINE_START + "\\[notice\\] stopped");
    }

    @Test
    void itOutlivesABrokenPipe() throws Exception {
        start(List.of(), "wait");
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo("waiting");
        }

        new ProcessBuilder("kill", "-PIPE", Long.toString(process.pid()))
                .start()
                .waitFor();
        new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start();

        assertThat(exitStatus()).isZero();
    }

    @Test
    void itsLogLooksLikeTheOriginalsAndKeepsWhatWasThere() throws Exception {
        Path log = Files.writeString(folder.resolve("log"), "before\n");

        start(List.of(), "log", log.toString());

        assertThat(exitStatus()).isZero();
        List<String> lines = Files.readAllLines(log);
        List<String> expected = List.of("\\[error\\] one", "\\[warn\\] two", "\\[notice\\] three", "\\[warn\\] four");
        assertThat(lines).hasSize(5).startsWith("before");
        for (int i = 0; i < expected.size(); i++) {
            assertThat(lines.get(i + 1)).matches(LINE_START + expected.get(i));
        }
        assertThat(err).isEmptyFile();
    }

    @Test
    void aLogFileThatCannotBeWrittenIsBadInput() throws Exception {
        start(List.of(), "log", folder + "/none/log");

        assertThat(exitStatus()).isEqualTo(2);
        assertThat(Files.readAllLines(err))
                .singleElement()
                .asString()
                .startsWith("sample: option -l: \"" + folder + "/none/log\": cannot be written");
    }

    @Test
    void withoutThePrivilegeToCaptureItSaysWhatIsNeeded() throws Exception {
        assumeRoot();
        start(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"), "capture", "any");

        assertThat(exitStatus()).isEqualTo(1);
        assertThat(Files.readAllLines(err))
                .singleElement()
                .asString()
                .startsWith("sample: no permission to capture on any: CAP_NET_RAW is needed; run as root, or");
    }

    @Test
    void anUnknownDeviceIsBadInput() throws Exception {
        assumeRoot();
        start(List.of(), "capture", "nowhere0");

        assertThat(exitStatus()).isEqualTo(2);
        assertThat(Files.readAllLines(err))
                .containsExactly("sample: option -i: \"nowhere0\": there is no device nowhere0");
    }

    private static void assumeRoot() {
        assumeTrue(System.getProperty("user.name").equals("root"), "skipped: needs root to capture");
    }

    private void start(List<String> wrapper, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SampleProgram.class.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    }

    private int exitStatus() throws InterruptedException {
        assertThat(process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)).as("ended").isTrue();
        return process.exitValue();
    }
}
