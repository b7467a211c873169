package io.tcpcopy.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** {@link SampleProgram} as a process, and what is seen of it from outside. */
final class SampleProcess implements AutoCloseable {
    private static final long TIMEOUT_S = 30;
    private static final long BETWEEN_LOOKS_NS = TimeUnit.MILLISECONDS.toNanos(20);

    /** The variable with the signal that Java suspends threads with, which the launcher sets so that it is not SIGUSR2. */
    private static final String SUSPENSION_SIGNAL = "_JAVA_SR_SIGNUM";

    private final Process process;
    private final Path err;

    private SampleProcess(Process process, Path err) {
        this.process = process;
        this.err = err;
    }

    /** Starts it in a folder, which gets its standard error. */
    static SampleProcess start(Path folder, String... arguments) throws IOException {
        return start(folder, List.of(), Map.of(), arguments);
    }

    /** The same under another command, and with more in its environment. */
    static SampleProcess start(Path folder, List<String> wrapper, Map<String, String> environment, String... arguments)
            throws IOException {
        // Whoever runs the tests may ignore signals, as nohup does, and processes inherit that.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal"));
        command.addAll(wrapper);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SampleProgram.class.getName()));
        command.addAll(List.of(arguments));
        Path err = Files.createTempFile(folder, "stderr", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(err.toFile());
        builder.environment().put(SUSPENSION_SIGNAL, "16");
        builder.environment().putAll(environment);
        return new SampleProcess(builder.start(), err);
    }

    /** Waits until it waits. */
    void untilWaiting() throws IOException {
        BufferedReader out = process.inputReader();
        if (!"waiting".equals(out.readLine())) {
            throw new AssertionError("does not wait: " + errors());
        }
    }

    /** Its exit status, when it has ended. */
    int exitStatus() throws InterruptedException {
        if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
            throw new AssertionError("has not ended");
        }
        return process.exitValue();
    }

    /** The lines on its standard error. */
    List<String> errors() throws IOException {
        return Files.readAllLines(err);
    }

    /** Its process ID. */
    long pid() {
        return process.pid();
    }

    /** The signals that it ignores: a mask, its lowest bit for signal 1. */
    long ignoredSignals() throws IOException {
        String label = "SigIgn:";
        try (Stream<String> status = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            String line =
                    status.filter(each -> each.startsWith(label)).findFirst().orElseThrow();
            return Long.parseUnsignedLong(line.substring(label.length()).strip(), 16);
        }
    }

    /** How many lines of a log end with a text; none while there is no log. */
    static long logged(Path log, String text) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.endsWith(text)).count();
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends it a signal. */
    void signal(String name) throws Exception {
        signal(name, process.pid());
    }

    /** Sends a signal to any process. */
    static void signal(String name, long pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    }

    /**
     * Waits until a process has ended. One that nobody has waited for yet has: what is no child of the tests is left to the
     * first process of the machine, which may take its time.
     */
    static void untilEnded(long pid) {
        until("process " + pid + " has ended", () -> hasEnded(pid));
    }

    private static boolean hasEnded(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException e) {
            return true;
        }
    }

    /** Waits until something holds that no event tells of. */
    static void until(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new AssertionError("waited in vain until " + what);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NS);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
