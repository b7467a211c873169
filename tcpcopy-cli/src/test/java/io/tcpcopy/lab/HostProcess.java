package io.tcpcopy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process with its output, stdout and stderr together, in a file. */
public final class HostProcess implements AutoCloseable {

    private static final Duration TIME_TO_END = Duration.ofSeconds(15);

    private final String name;
    private final Process process;
    private final Path output;

    private HostProcess(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /** Starts a command. */
    public static HostProcess start(String name, Path output, List<String> command) {
        // Whoever runs this may ignore signals, as nohup does, and processes inherit that.
        List<String> withDefaultSignals = new ArrayList<>(List.of("env", "--default-signal"));
        withDefaultSignals.addAll(command);
        try {
            Process process = new ProcessBuilder(withDefaultSignals)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            return new HostProcess(name, process, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it is called in messages. */
    public String name() {
        return name;
    }

    /** Its process ID. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended yet. */
    public boolean isRunning() {
        return process.isAlive();
    }

    /** What it has printed so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has printed a text, and fails at once if it has ended without. */
    public void waitForOutput(String text, Duration patience) {
        Waiting.until(name + " says \"" + text + '"', patience, () -> {
            boolean running = isRunning();
            if (output().contains(text)) {
                return true;
            }
            if (!running) {
                throw ended();
            }
            return false;
        });
    }

    /** Throws an AssertionError if it has ended. */
    public void mustRun() {
        if (!isRunning()) {
            throw ended();
        }
    }

    private AssertionError ended() {
        return new AssertionError(name + " ended with status " + process.exitValue() + ":\n" + output());
    }

    /** Waits until it ends by itself, and returns its exit status. */
    public int waitFor(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + " is still running after " + patience.toSeconds() + " s");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The processor time that it has taken so far, of its kernel part as well; to 10 ms. */
    public Duration cpuTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** The most memory that it has had resident, in bytes. */
    public long peakResidentBytes() {
        try (Stream<String> status = Files.lines(Path.of("/proc", "" + process.pid(), "status"))) {
            String kilobytes = status.filter(line -> line.startsWith("VmHWM:"))
                    .findFirst()
                    .orElseThrow()
                    .replaceAll("\\D", "");
            return Long.parseLong(kilobytes) * 1024;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it without ending it (SIGSTOP). */
    public void pause() {
        signal("STOP");
    }

    /** Lets it go on after {@link #pause}. */
    public void resume() {
        signal("CONT");
    }

    /** Has it write its statistics (SIGUSR1). */
    public void writeStatistics() {
        signal("USR1");
    }

    /** Has it write a report (SIGUSR2). */
    public void writeReport() {
        signal("USR2");
    }

    /** Interrupts it (SIGINT), as Ctrl-C does. */
    public void interrupt() {
        signal("INT");
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends SIGTERM and returns the exit status. */
    public int terminate() {
        process.destroy();
        return waitFor(TIME_TO_END);
    }

    /**
     * Sends SIGTERM.
     *
     * @throws AssertionError unless it ends with status 0
     */
    public void endInPeace() {
        if (terminate() != 0) {
            throw ended();
        }
    }

    /** Sends SIGKILL and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        waitFor(TIME_TO_END);
    }

    /** Ends it if it is running still: in peace if it can, so that it says what it has to say. */
    @Override
    public void close() {
        process.destroy();
        if (!Waiting.holdsWithin(TIME_TO_END, () -> !isRunning())) {
            kill();
        }
    }
}
