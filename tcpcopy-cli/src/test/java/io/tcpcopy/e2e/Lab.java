package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The hosts of {@code scripts/lab}, made anew for each test. After a test that failed it prints what each process
 * printed.
 */
final class Lab implements BeforeEachCallback, AfterEachCallback {

    /** A host of the lab. */
    enum Host {
        CLIENT,
        ONLINE,
        TARGET,
        ASSISTANT;

        private String argument() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A way of packets on which they can be lost. */
    enum Link {
        TO_TARGET("to-target"),
        TO_ASSISTANT("to-assistant");

        private final String argument;

        Link(String argument) {
            this.argument = argument;
        }
    }

    private static final Duration SHORT_COMMAND = Duration.ofSeconds(30);
    private static final Path CHECKOUT = checkout();

    private final String prefix = "tcpcopy-test-" + ProcessHandle.current().pid();
    private final Map<String, String> addresses = new HashMap<>();
    private final Deque<HostProcess> processes = new ArrayDeque<>();
    private Path folder;

    private static Path checkout() {
        Path path = Path.of("").toAbsolutePath();
        while (!Files.exists(path.resolve("scripts/lab"))) {
            path = path.getParent();
        }
        return path;
    }

    /** A program of {@code scripts/}. */
    static String script(String name) {
        return CHECKOUT.resolve("scripts").resolve(name).toString();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        assumeTrue(isRoot(), "skipped: needs root, for network namespaces");
        folder = Files.createTempDirectory("tcpcopy-test");
        lab("up");
        for (String line : lab("env").split("\n")) {
            String[] assignment = line.split("=");
            addresses.put(assignment[0], assignment[1]);
        }
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        if (folder == null) {
            return;
        }
        while (!processes.isEmpty()) {
            HostProcess process = processes.pop();
            process.close();
            if (context.getExecutionException().isPresent()) {
                System.out.println("-- " + process.name() + "\n" + process.output());
            }
        }
        lab("down");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** The address of a name that {@code lab env} lists. */
    String address(String name) {
        return addresses.get(name);
    }

    /** A file that is deleted after the test. */
    Path file(String name) {
        return folder.resolve(name);
    }

    /** Drops this percentage of packets from now on. */
    void lose(Link link, int percent) {
        lab("loss", link.argument, Integer.toString(percent));
    }

    /** Holds back this percentage of the packets to the target from now on, so that others overtake them. */
    void reorder(int percent) {
        lab("reorder", Integer.toString(percent));
    }

    /** Sends this percentage of the packets to the target twice from now on. */
    void repeat(int percent) {
        lab("double", Integer.toString(percent));
    }

    /** What {@code lab status} says. */
    String status() {
        return lab("status");
    }

    /** Starts a command on a host; it is ended after the test at the latest. */
    HostProcess start(String name, Host host, String... command) {
        return started(name, labCommand(Stream.concat(Stream.of("exec", host.argument()), Stream.of(command))));
    }

    /** Runs a short command on a host to its end and returns what it printed. */
    String run(Host host, String... command) {
        return lab(Stream.concat(Stream.of("exec", host.argument()), Stream.of(command))
                .toArray(String[]::new));
    }

    /** Starts a class of the tests, in a JVM of its own, on a host. */
    HostProcess startJava(String name, Host host, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                CHECKOUT.resolve("tcpcopy-cli/target/test-classes").toString(),
                main.getName()));
        command.addAll(List.of(arguments));
        return start(name, host, command.toArray(String[]::new));
    }

    private HostProcess started(String name, List<String> command) {
        HostProcess process = HostProcess.start(name, file(processes.size() + "-" + name + ".log"), command);
        processes.push(process);
        return process;
    }

    private List<String> labCommand(Stream<String> arguments) {
        return Stream.concat(Stream.of("env", "LAB_PREFIX=" + prefix, script("lab")), arguments)
                .toList();
    }

    private String lab(String... arguments) {
        try {
            Path output = Files.createTempFile("lab", ".log");
            try (HostProcess process = HostProcess.start("lab", output, labCommand(Stream.of(arguments)))) {
                int status = process.waitFor(SHORT_COMMAND);
                assertThat(status).as(process.output()).isZero();
                return process.output();
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
