package io.tcpcopy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that is told to run as a daemon, and one that is told to keep a PID file. */
@Tag("slow")
@Timeout(120)
class SampleDaemonTest {
    private static final Path NOWHERE = Path.of("/dev/null");
    /** Of the fields of /proc/PID/stat behind the name: state, parent, group, session. */
    private static final int SESSION = 3;

    @TempDir
    private Path folder;

    private Path pidFile;
    private Path log;

    @BeforeEach
    void nameFiles() {
        pidFile = folder.resolve("pid");
        log = folder.resolve("error_sample.log");
    }

    @AfterEach
    void endDaemon() throws Exception {
        if (Files.exists(pidFile)) {
            String pid = Files.readString(pidFile).strip();
            // Only what these tests have started: the others' files name processes of their own.
            if (commandLine(pid).contains(SampleProgram.class.getName())) {
                SampleProcess.signal("KILL", Long.parseLong(pid));
            }
        }
    }

    @Test
    void aDaemonRunsOnWithNothingOfThePlaceWhereItWasStarted() throws Exception {
        startDaemon();

        Path process = process();
        assertThat(process.resolve("cwd").toRealPath()).isEqualTo(Path.of("/"));
        for (String descriptor : new String[] {"0", "1", "2"}) {
            assertThat(process.resolve("fd").resolve(descriptor).toRealPath()).isEqualTo(NOWHERE);
        }
        String stat = Files.readString(process.resolve("stat"));
        assertThat(stat.substring(stat.indexOf(')') + 2).split(" ")[SESSION])
                .isEqualTo(process.getFileName().toString());

        stopDaemon();
        assertThat(Files.readAllLines(log))
                .extracting(line -> line.substring(line.indexOf('[')))
                .containsExactly("[notice] waiting", "[notice] stopped");
    }

    @Test
    void aDaemonIgnoresThatItsTerminalIsClosed() throws Exception {
        startDaemon();

        SampleProcess.signal("HUP", pid());
        SampleProcess.signal("USR1", pid());

        SampleProcess.until("it still answers", () -> SampleProcess.logged(log, "statistics") == 1);
        stopDaemon();
        assertThat(SampleProcess.logged(log, "stopped")).isOne();
    }

    @Test
    void aDaemonsFilesAreWhereItWasStarted() throws Exception {
        try (SampleProcess starter = SampleProcess.start(folder, "-a", "wait", "-d", "-P", "pid", "-l", "own.log")) {
            assertThat(starter.exitStatus()).isZero();
        }

        assertThat(SampleProcess.logged(folder.resolve("own.log"), "waiting")).isOne();
        assertThat(log).doesNotExist();
        stopDaemon();
    }

    @ParameterizedTest
    @CsvSource({
        "fail, 1, sample: port 36524 is taken",
        "halt, 1, sample: the daemon was ended by signal 9",
    })
    void whatKeepsADaemonFromStartingIsSaidWhereItWasStarted(String activity, int status, String line)
            throws Exception {
        try (SampleProcess starter = SampleProcess.start(folder, "-a", activity, "-d", "-P", pidFile.toString())) {
            assertThat(starter.exitStatus()).isEqualTo(status);
            assertThat(starter.errors()).containsExactly(line);
        }
    }

    @Test
    void aDaemonThatIsNotAllowedItsPidFileEndsWithTheStatusOfBadInput() throws Exception {
        try (SampleProcess starter = SampleProcess.start(folder, "-a", "wait", "-d", "-P", "/none/pid")) {
            assertThat(starter.exitStatus()).isEqualTo(2);
            assertThat(starter.errors())
                    .containsExactly("sample: option -P: \"/none/pid\": cannot be written: No such file or directory");
        }
    }

    @Test
    void aSecondDaemonIsRefused() throws Exception {
        startDaemon();
        long first = pid();

        try (SampleProcess second = SampleProcess.start(folder, "-a", "wait", "-d", "-P", pidFile.toString())) {
            assertThat(second.exitStatus()).isEqualTo(1);
            assertThat(second.errors())
                    .containsExactly("sample: already running: process " + first + " holds the PID file " + pidFile);
        }

        assertThat(pid()).isEqualTo(first);
        stopDaemon();
    }

    @Test
    void ofManyThatStartAtOnceOneRuns() throws Exception {
        int many = 3;
        SampleProcess[] processes = new SampleProcess[many];
        for (int i = 0; i < many; i++) {
            processes[i] = SampleProcess.start(folder, "-a", "wait", "-d", "-P", pidFile.toString());
        }
        int running = 0;
        for (SampleProcess process : processes) {
            running += process.exitStatus() == 0 ? 1 : 0;
            process.close();
        }

        assertThat(running).isOne();
        assertThat(SampleProcess.logged(log, "waiting")).isOne();
        stopDaemon();
    }

    @Test
    void aPidFileThatAKilledProcessHasLeftIsReplaced() throws Exception {
        try (SampleProcess killed = SampleProcess.start(folder, "-a", "wait", "-P", pidFile.toString())) {
            killed.untilWaiting();
            killed.signal("KILL");
            killed.exitStatus();
            assertThat(pid()).isEqualTo(killed.pid());

            startDaemon();

            assertThat(pid()).isNotEqualTo(killed.pid());
            stopDaemon();
        }
    }

    @Test
    void aPidFileOfAnyRunningProcessIsRespected() throws Exception {
        long other = ProcessHandle.current().pid();
        Files.writeString(pidFile, other + "\n");

        try (SampleProcess process = SampleProcess.start(folder, "-a", "wait", "-P", pidFile.toString())) {
            assertThat(process.exitStatus()).isEqualTo(1);
            assertThat(process.errors())
                    .last()
                    .asString()
                    .isEqualTo("sample: already running: process " + other + " holds the PID file " + pidFile);
        }
        assertThat(pidFile).hasContent(other + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "0", "precious", "1234567890123456789012345678901234567890"})
    void aFileThatHoldsSomethingElseIsLeftAlone(String content) throws Exception {
        Files.writeString(pidFile, content);

        try (SampleProcess process = SampleProcess.start(folder, "-a", "wait", "-P", pidFile.toString())) {
            assertThat(process.exitStatus()).isEqualTo(2);
            assertThat(process.errors())
                    .containsExactly("sample: option -P: \"" + pidFile
                            + "\": holds something else than a process ID: remove it, or name another file");
        }
        assertThat(pidFile).hasContent(content);
    }

    private void startDaemon() throws Exception {
        try (SampleProcess starter = SampleProcess.start(folder, "-a", "wait", "-d", "-P", pidFile.toString())) {
            assertThat(starter.exitStatus()).as(() -> errors(starter)).isZero();
            assertThat(starter.errors()).isEmpty();
        }
    }

    private static String errors(SampleProcess process) {
        try {
            return process.errors().toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void stopDaemon() throws Exception {
        long daemon = pid();
        SampleProcess.signal("TERM", daemon);
        SampleProcess.untilEnded(daemon);
        assertThat(pidFile).doesNotExist();
    }

    private long pid() throws Exception {
        return Long.parseLong(Files.readString(pidFile).strip());
    }

    private Path process() throws Exception {
        return Path.of("/proc", Long.toString(pid()));
    }

    private static String commandLine(String pid) {
        try {
            return Files.readString(Path.of("/proc", pid, "cmdline"));
        } catch (IOException e) {
            return "";
        }
    }
}
