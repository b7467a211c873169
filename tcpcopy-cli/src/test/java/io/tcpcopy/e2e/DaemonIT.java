package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Both programs in the background, and without root's privileges. */
class DaemonIT {

    private static final Duration TIME_TO_START = Duration.ofSeconds(30);
    private static final Duration TIME_TO_END = Duration.ofSeconds(15);

    /** As a systemd unit runs them: another user, and one capability. */
    private static final List<String> UNPRIVILEGED = List.of(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--bounding-set=-all,+net_raw",
            "--inh-caps=-all,+net_raw",
            "--ambient-caps=-all,+net_raw");

    @RegisterExtension
    private final Lab lab = new Lab();

    private final List<Program> daemons = new ArrayList<>();

    /** A program on its host. */
    private final class Program {

        private final String name;
        private final Host host;
        private final String[] options;
        private final Path pidFile;
        private final Path log;

        private Program(String name, Host host, String... options) {
            this.name = name;
            this.host = host;
            this.options = options;
            pidFile = lab.file(name + ".pid");
            log = lab.file(name + ".log");
        }

        private HostProcess command(List<String> wrapper, String... moreOptions) {
            String[] command = Stream.of(
                            wrapper.stream(), Stream.of(Lab.script(name)), Stream.of(options), Stream.of(moreOptions))
                    .flatMap(part -> part)
                    .toArray(String[]::new);
            return lab.start(name, host, command);
        }

        private HostProcess startDaemon() {
            daemons.add(this);
            return command(List.of(), "-d", "-P", pidFile.toString(), "-l", log.toString());
        }

        private void mustStartDaemon() {
            HostProcess starter = startDaemon();
            assertThat(starter.waitFor(TIME_TO_START)).as(starter.output()).isZero();
            assertThat(starter.output()).isEmpty();
        }

        private ProcessHandle process() throws IOException {
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                    .orElseThrow();
        }

        private void signal(String signal) throws Exception {
            new ProcessBuilder("kill", "-" + signal, "" + process().pid())
                    .start()
                    .waitFor();
        }

        /** What it has logged, from these words on for the last time. */
        private String lastLogged(String words) throws IOException {
            String text = Files.readString(log);
            return text.substring(Math.max(0, text.lastIndexOf(words)));
        }

        private boolean hasLogged(String words) {
            try {
                return Files.readString(log).contains(words);
            } catch (IOException e) {
                return false;
            }
        }

        private void endInPeace() throws Exception {
            long pid = process().pid();
            signal("TERM");
            Waiting.until(name + " has ended", TIME_TO_END, () -> !isRunning(pid));
            assertThat(pidFile).doesNotExist();
            assertThat(hasLogged(name + " stopped")).isTrue();
        }

        private void kill() throws IOException {
            if (Files.exists(pidFile)) {
                ProcessHandle process = process();
                process.destroyForcibly();
                Waiting.until(name + " has ended", TIME_TO_END, () -> !isRunning(process.pid()));
            }
        }

        /** The machine's first process may let one that has ended be a zombie for seconds: a daemon is no child of ours. */
        private static boolean isRunning(long pid) {
            try {
                String stat = Files.readString(Path.of("/proc", "" + pid, "stat"));
                return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
            } catch (IOException e) {
                return false;
            }
        }
    }

    private Program intercept() {
        return new Program("intercept", Host.ASSISTANT, "-F", "tcp and src port " + CopiedService.PORT);
    }

    private Program tcpcopy() {
        int port = CopiedService.PORT;
        String transfer = port + "-" + lab.address("TARGET") + ":" + port;
        return new Program("tcpcopy", Host.ONLINE, "-x", transfer, "-s", lab.address("ASSISTANT"));
    }

    @AfterEach
    void killWhatIsLeft() throws IOException {
        for (Program daemon : daemons) {
            daemon.kill();
        }
    }

    @Test
    void aTerminalShowsALineThatRenewsItselfAndTheLogAboveIt() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        Path pidFile = lab.file("terminal.pid");
        String command = String.join(
                " ",
                List.of(
                        Lab.script("tcpcopy"),
                        "-P " + pidFile + " -x " + CopiedService.PORT + "-" + lab.address("TARGET") + ":"
                                + CopiedService.PORT + " -s",
                        lab.address("ASSISTANT")));
        HostProcess terminal =
                lab.start("terminal", Host.ONLINE, "script", "-qefc", "stty cols 60; " + command, "/dev/null");
        terminal.waitForOutput("tcpcopy started", TIME_TO_START);
        terminal.waitForOutput("\rrequests/s: captured 0, delivered 0, lost 0; 0 sessions\u001b[K", TIME_TO_START);

        service.traffic("terminal", "--short", "300", "--rate", "100")
                .complete()
                .assertCopiedExactly(TIME_TO_START);
        assertThat(terminal.output())
                .containsPattern("\rrequests/s: captured [1-9]\\d+, delivered [1-9]\\d+, lost 0; ");
        lab.run(Host.ONLINE, "kill", "-USR1", readPid(pidFile));
        terminal.waitForOutput("ledger requests", TIME_TO_START);
        Waiting.until("the line is back below it", TIME_TO_START, () -> {
            String output = terminal.output();
            return output.lastIndexOf("\rrequests/s: ") > output.lastIndexOf("ledger requests");
        });
        lab.run(Host.ONLINE, "kill", readPid(pidFile));

        assertThat(terminal.waitFor(TIME_TO_END)).as(terminal.output()).isZero();
        assertThat(terminal.output())
                // Of 60 columns 59 are used, and what was shown last is left where it is.
                .contains("\r\u001b[K20")
                .containsPattern("\rrequests/s: [^\r\n]{47}\u001b\\[K")
                .doesNotContainPattern("\rrequests/s: [^\r\n\u001b]{48}")
                .containsPattern("\u001b\\[K\r?\n20[^\n]* \\[notice] active:")
                .endsWith("tcpcopy stopped\r\n");
    }

    private static String readPid(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void daemonsCopyFromTheMomentTheyHaveStartedUntilTheyAreStopped() throws Exception {
        CopiedService service = new CopiedService(lab);
        Program intercept = intercept();
        Program tcpcopy = tcpcopy();
        intercept.mustStartDaemon();
        tcpcopy.mustStartDaemon();

        service.assertCopies("daemons");
        for (Program program : List.of(intercept, tcpcopy)) {
            program.signal("HUP");
            program.signal("USR1");
            program.signal("USR2");
        }
        Waiting.until("the statistics are written", TIME_TO_END, () -> tcpcopy.hasLogged("ledger requests captured:"));
        Waiting.until("the statistics are written", TIME_TO_END, () -> intercept.hasLogged("total resp packs:"));
        for (Program program : List.of(intercept, tcpcopy)) {
            Waiting.until(
                    "the report is written beside the log",
                    TIME_TO_END,
                    () -> program.hasLogged("report written: " + program.log.getParent() + "/" + program.name + "-"));
        }

        tcpcopy.endInPeace();
        intercept.endInPeace();
        FinalLedger.parse(tcpcopy.lastLogged("active:")).assertBalances();
        service.assertClientsUndisturbed();
    }

    @Test
    void aDaemonThatCannotReachAnInterceptSaysSoWhereItWasStarted() {
        Program tcpcopy = tcpcopy();

        HostProcess starter = tcpcopy.startDaemon();

        assertThat(starter.waitFor(TIME_TO_START)).isEqualTo(1);
        assertThat(starter.output().lines())
                .singleElement()
                .asString()
                .startsWith("tcpcopy: TC501: no intercept can be reached: intercept " + lab.address("ASSISTANT")
                        + ":36524: ");
        assertThat(tcpcopy.pidFile).doesNotExist();
        assertThat(tcpcopy.hasLogged("no intercept can be reached")).isTrue();
    }

    @Test
    void aSecondDaemonWithTheSamePidFileIsRefused() throws Exception {
        Program intercept = intercept();
        intercept.mustStartDaemon();
        long first = intercept.process().pid();

        HostProcess second = intercept.startDaemon();

        assertThat(second.waitFor(TIME_TO_START)).isEqualTo(1);
        assertThat(second.output())
                .isEqualTo("intercept: already running: process " + first + " holds the PID file " + intercept.pidFile
                        + "\n");
        intercept.endInPeace();
    }

    @Test
    void oneCapabilityIsEnoughForBoth() throws Exception {
        assumeTrue(
                isReadableByAll(Path.of(Lab.script("lab"))),
                "skipped: another user than root cannot read this checkout, and so cannot run what it has built");
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = intercept().command(UNPRIVILEGED);
        intercept.waitForOutput("intercept started", TIME_TO_START);
        HostProcess tcpcopy = tcpcopy().command(UNPRIVILEGED);
        tcpcopy.waitForOutput("tcpcopy started", TIME_TO_START);

        service.assertCopies("unprivileged");

        tcpcopy.endInPeace();
        intercept.endInPeace();
        FinalLedger.parse(tcpcopy.output()).assertBalances();
        service.assertClientsUndisturbed();
    }

    private static boolean isReadableByAll(Path file) throws Exception {
        List<String> command = new ArrayList<>(UNPRIVILEGED);
        command.addAll(List.of("test", "-r", file.toString()));
        return new ProcessBuilder(command).start().waitFor() == 0;
    }
}
