package io.tcpcopy.intercept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own. */
@Tag("slow")
class InterceptProgramTest {
    private static final long PATIENCE_S = 20;

    @TempDir
    private Path folder;

    private Path err;
    private Process process;

    @BeforeEach
    void needsRoot() {
        assumeTrue(System.getProperty("user.name").equals("root"), "skipped: needs root to capture");
        err = folder.resolve("err");
    }

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void aSignalStopsItInPeaceWithTheLastStatistics() throws Exception {
        start("tcp and src port 80", freePort());
        awaitLine("intercept started");
        process.destroy();
        assertThat(exitStatus()).isZero();
        assertThat(Files.readString(err)).contains("[notice] total resp packs:").endsWith("intercept stopped\n");
    }

    @Test
    void aPortThatIsTakenIsOneLineAndStatusOne() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            start("tcp and src port 80", taken.getLocalPort());
            assertThat(exitStatus()).isOne();
            assertThat(Files.readAllLines(err))
                    .containsExactly("intercept: TC507: cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ": Address already in use");
        }
    }

    @Test
    void aWrongFilterIsOneLineAndStatusTwo() throws Exception {
        start("tcp and src prt 80", freePort());
        assertThat(exitStatus()).isEqualTo(2);
        assertThat(Files.readAllLines(err))
                .containsExactly("intercept: TC105: option -F: \"tcp and src prt 80\": unknown host 'prt'");
        assertThat(process.getInputStream()).isEmpty();
    }

    @Test
    void withoutThePrivilegeForTheQueueItIsOneLineAndStatusOne() throws Exception {
        start(List.of("setpriv", "--bounding-set", "-net_admin"), "--traditional", "-p", "" + freePort());
        assertThat(exitStatus()).isOne();
        assertThat(Files.readAllLines(err))
                .containsExactly(
                        "intercept: TC101: no permission to take packets from NFQUEUE 0: CAP_NET_ADMIN is needed; run as"
                                + " root, or give the service AmbientCapabilities=CAP_NET_ADMIN in its systemd unit");
    }

    private void start(String filter, int port) throws IOException {
        start(List.of(), "-F", filter, "-i", "lo", "-b", "127.0.0.1", "-p", "" + port);
    }

    private void start(List<String> prefix, String... options) throws IOException {
        // Whoever runs the tests may ignore signals, as nohup does, and processes inherit that.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal"));
        command.addAll(prefix);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPathWithoutTests(),
                Intercept.class.getName()));
        command.addAll(List.of(options));
        process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    }

    /** The logging configuration of the tests would hide what users see. */
    private static String classPathWithoutTests() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes") && !entry.endsWith("-tests.jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void awaitLine(String text) throws Exception {
        long startNs = System.nanoTime();
        while (!Files.readString(err).contains(text)) {
            assertThat(process.isAlive()).as("alive").isTrue();
            assertThat(System.nanoTime() - startNs)
                    .as("waiting for: " + text)
                    .isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_S));
            process.waitFor(10, TimeUnit.MILLISECONDS);
        }
    }

    private int exitStatus() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_S, TimeUnit.SECONDS)).as("ended").isTrue();
        return process.exitValue();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
