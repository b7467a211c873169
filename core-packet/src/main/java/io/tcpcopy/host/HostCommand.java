package io.tcpcopy.host;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Programs of the host that print what it is like. Each has a few seconds, and 1 MB of its output is kept. */
public final class HostCommand {
    private static final File NOWHERE = new File("/dev/null");
    /** Where programs for root are; the search path of other users often lacks them. */
    private static final List<String> FOLDERS_OF_ROOT = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

    private final Duration patience;
    private final boolean withErrors;

    /**
     * Runs nothing yet.
     *
     * @param patience how long each may take
     * @param withErrors whether what they print as errors is wanted as well
     */
    public HostCommand(Duration patience, boolean withErrors) {
        this.patience = patience;
        this.withErrors = withErrors;
    }

    /**
     * What a program prints.
     *
     * @param command its name and its arguments
     * @throws NotReadException when it is not there, fails, or takes too long
     */
    public String output(String... command) throws NotReadException {
        List<String> words = new ArrayList<>(List.of(command));
        words.set(
                0,
                find(command[0])
                        .orElseThrow(() -> new NotReadException("there is no program " + command[0]))
                        .toString());
        Process process;
        try {
            process = builder(words).start();
        } catch (IOException e) {
            throw new NotReadException(e.getMessage());
        }
        try {
            return output(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotReadException("interrupted");
        } finally {
            // What it has started may have its output open.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private ProcessBuilder builder(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words).redirectInput(NOWHERE);
        builder.environment().put("LC_ALL", "C");
        return withErrors ? builder.redirectErrorStream(true) : builder.redirectError(Redirect.DISCARD);
    }

    private String output(Process process) throws NotReadException, InterruptedException {
        long deadlineNs = System.nanoTime() + patience.toNanos();
        FutureTask<HostText> reading = new FutureTask<>(() -> HostText.read(process.getInputStream()));
        Thread reader = new Thread(reading, "report-command");
        reader.setDaemon(true);
        reader.start();
        HostText text;
        try {
            text = reading.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (text.isCut()) {
                return text.text();
            }
            if (!process.waitFor(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw tooSlow();
            }
        } catch (TimeoutException e) {
            throw tooSlow();
        } catch (ExecutionException e) {
            throw new NotReadException(e.getCause().toString());
        }
        if (process.exitValue() != 0) {
            String reason = text.text().lines().findFirst().orElse("without a word");
            throw new NotReadException("it ended with status " + process.exitValue() + ": " + reason);
        }
        return text.text();
    }

    private NotReadException tooSlow() {
        return new NotReadException("it took more than " + patience.toSeconds() + " s");
    }

    /** Whether there is a program of this name. */
    public static boolean isThere(String name) {
        return find(name).isPresent();
    }

    private static Optional<Path> find(String name) {
        Stream<String> path = Optional.ofNullable(System.getenv("PATH")).stream()
                .flatMap(folders -> Stream.of(folders.split(File.pathSeparator)));
        // A relative folder would be one of whoever has left a program there.
        return Stream.concat(path.filter(folder -> folder.startsWith("/")), FOLDERS_OF_ROOT.stream())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
