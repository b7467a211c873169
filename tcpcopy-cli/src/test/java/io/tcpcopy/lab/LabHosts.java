package io.tcpcopy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The hosts of {@code scripts/lab}, under a name of their own, and the processes on them. Another thread may take them
 * down, when the program is interrupted.
 */
public class LabHosts {

    /** A host of the lab; the numbered ones are only there when they are asked for. */
    public enum Host {
        CLIENT,
        ONLINE,
        ONLINE2,
        ONLINE3,
        TARGET,
        TARGET2,
        ASSISTANT,
        ASSISTANT2;

        private String argument() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A link of which the network can be bad. */
    public enum Link {
        /** Between the clients and the online hosts, in both directions. */
        FRONT("front"),
        TO_TARGET("to-target"),
        TO_ASSISTANT("to-assistant");

        private final String argument;

        Link(String argument) {
            this.argument = argument;
        }
    }

    private static final Duration SHORT_COMMAND = Duration.ofSeconds(30);
    private static final Pattern LOST_BYTES = Pattern.compile("lost, packets \\d+ so far, bytes (\\d+)");
    private static final Path CHECKOUT = checkout();

    private final String prefix;
    private final Map<String, String> addresses = new HashMap<>();
    private final Deque<HostProcess> processes = new ArrayDeque<>();
    private Path folder;

    /** Nothing is there before {@link #up}; the prefix is that of the hosts' names. */
    public LabHosts(String prefix) {
        this.prefix = prefix;
    }

    /** The checkout that this class was built in, wherever the program was started. */
    private static Path checkout() {
        try {
            Path path = Path.of(LabHosts.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            while (!Files.exists(path.resolve("scripts/lab"))) {
                path = path.getParent();
            }
            return path;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A program of {@code scripts/}. */
    public static String script(String name) {
        return CHECKOUT.resolve("scripts").resolve(name).toString();
    }

    /**
     * Makes the hosts; those that an interrupted run has left are removed before.
     *
     * @param options of {@code lab up}
     */
    public synchronized void up(String... options) throws IOException {
        lab("down");
        folder = Files.createTempDirectory(prefix);
        // Servers that do not run as root have folders in it.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        lab(Stream.concat(Stream.of("up"), Stream.of(options)).toArray(String[]::new));
        for (String line : lab("env").split("\n")) {
            String[] assignment = line.split("=");
            addresses.put(assignment[0], assignment[1]);
        }
    }

    /** Ends all processes, the latest first, and removes the hosts and all files; does nothing without {@link #up}. */
    public synchronized void down() throws IOException {
        down(process -> {});
    }

    /** The same, and tells of each process that has ended. */
    protected synchronized void down(Consumer<HostProcess> ended) throws IOException {
        if (folder == null) {
            return;
        }
        while (!processes.isEmpty()) {
            HostProcess process = processes.pop();
            process.close();
            ended.accept(process);
        }
        lab("down");
        try (Stream<Path> files = Files.walk(folder)) {
            // What is in a folder comes before it.
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        folder = null;
    }

    /** The address of a name that {@code lab env} lists. */
    public String address(String name) {
        return addresses.get(name);
    }

    /** The network namespace that is a host. */
    public String namespace(Host host) {
        return prefix + "-" + host.argument();
    }

    /** A file, or a folder with all that is in it, that is deleted with the hosts. */
    public Path file(String name) {
        return folder.resolve(name);
    }

    /** Drops this percentage of packets from now on. */
    public void lose(Link link, int percent) {
        lab("loss", link.argument, Integer.toString(percent));
    }

    /** How many bytes were dropped by {@link #lose} on all links, IP headers included. */
    public long lostBytes() {
        return LOST_BYTES
                .matcher(status())
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .sum();
    }

    /** Lets each packet arrive so much later from now on. */
    public void delay(Link link, Duration delay) {
        lab("delay", link.argument, Long.toString(delay.toMillis()));
    }

    /** Holds back this percentage of packets from now on, so that others overtake them. */
    public void reorder(Link link, int percent) {
        lab("reorder", link.argument, Integer.toString(percent));
    }

    /** Sends this percentage of packets twice from now on. */
    public void repeat(Link link, int percent) {
        lab("double", link.argument, Integer.toString(percent));
    }

    /** Turns a bit of this percentage of packets from now on. */
    public void corrupt(Link link, int percent) {
        lab("corrupt", link.argument, Integer.toString(percent));
    }

    /** What {@code lab status} says. */
    public String status() {
        return lab("status");
    }

    /** Starts a command on a host; it is ended with the hosts at the latest. */
    public HostProcess start(String name, Host host, String... command) {
        return started(name, labCommand(Stream.concat(Stream.of("exec", host.argument()), Stream.of(command))));
    }

    /** Runs a short command on a host to its end and returns what it printed. */
    public String run(Host host, String... command) {
        return lab(Stream.concat(Stream.of("exec", host.argument()), Stream.of(command))
                .toArray(String[]::new));
    }

    /** Whether a host has a listening TCP socket at this port. */
    public boolean listens(Host host, int port) {
        return !run(host, "ss", "-Hltn", "sport = :" + port).isBlank();
    }

    /** Starts a class of this package, in a JVM of its own, on a host. */
    public HostProcess startJava(String name, Host host, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("env", "JAVA_HOME=" + System.getProperty("java.home"), script("lib/lab-java"), main.getName()));
        command.addAll(List.of(arguments));
        return start(name, host, command.toArray(String[]::new));
    }

    private synchronized HostProcess started(String name, List<String> command) {
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
                if (status != 0) {
                    throw new AssertionError(
                            "lab " + String.join(" ", arguments) + ": status " + status + "\n" + process.output());
                }
                return process.output();
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
