package io.tcpcopy.tcpcopy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The simulation finds faults: each patch of {@code planted} turns one rule of the programs round, and one of the known
 * worlds has to fail for it. With {@code -Dplanted.fault=NAME} one fault alone is tried.
 */
@Tag("long")
class PlantedFaultsTest {
    private static final Path ROOT = Path.of("..");
    private static final Path PATCHES = Path.of("src", "test", "resources", "planted");
    /** Each has a virtual machine of its own, with this much memory. */
    private static final int AT_A_TIME = 2;

    private static final String MEMORY = "-Xmx1g";
    /** All worlds take a minute or two; one that hangs is noticed by itself. */
    private static final long DEADLINE_S = 900;

    private static final int LONGEST_MESSAGE = 160;

    @TempDir
    private Path folder;

    /** How trying a fault has ended; the message is of one line. */
    private record Outcome(String fault, boolean found, double seconds, String message) {
        @Override
        public String toString() {
            return String.format("%-62s %-9s %6.1f s  %s", fault, found ? "found" : "NOT FOUND", seconds, message);
        }
    }

    @Test
    void everyPlantedFaultIsFound() throws IOException, InterruptedException, ExecutionException {
        String only = System.getProperty("planted.fault");
        List<PlantedFault> faults = PlantedFault.in(PATCHES).stream()
                .filter(fault -> only == null || fault.name().equals(only))
                .toList();
        assertThat(faults).as("patches in %s", PATCHES).isNotEmpty();
        // Otherwise whatever is planted would be found.
        Outcome sound = run("without any fault", null);
        assertThat(sound.found).as("%s: %s", sound.fault, sound.message).isFalse();
        List<Outcome> outcomes = tryAll(faults);
        System.out.println("planted faults:");
        outcomes.forEach(System.out::println);
        assertThat(outcomes.stream().filter(outcome -> !outcome.found).map(Outcome::toString))
                .as("faults that no world found, see docs/testing.md")
                .isEmpty();
    }

    private List<Outcome> tryAll(List<PlantedFault> faults) throws InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            List<Future<Outcome>> running = new ArrayList<>();
            for (PlantedFault fault : faults) {
                running.add(executor.submit(() -> outcome(fault)));
            }
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> future : running) {
                outcomes.add(future.get());
            }
            return outcomes;
        } finally {
            executor.shutdownNow();
        }
    }

    private Outcome outcome(PlantedFault fault) throws IOException, InterruptedException {
        try {
            return run(fault.name(), fault.compile(ROOT, folder.resolve(fault.name())));
        } catch (SourcePatch.DoesNotApplyException e) {
            return new Outcome(fault.name(), false, 0, "does not apply, it must follow the code: " + e.getMessage());
        }
    }

    /** Runs the worlds; {@code classes} stand in front of the programs' own, unless null. */
    private Outcome run(String name, Path classes) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Path output = folder.resolve(name + ".txt");
        String classPath = System.getProperty("java.class.path");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        MEMORY,
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classes == null ? classPath : classes + File.pathSeparator + classPath,
                        FaultySimulation.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(DEADLINE_S, TimeUnit.SECONDS))
                    .as("%s ends", name)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output);
        assertThat(process.exitValue())
                .as("exit status of %s: %s", name, lines)
                .isIn(FaultySimulation.UNNOTICED, FaultySimulation.FAILED);
        boolean found = process.exitValue() == FaultySimulation.FAILED;
        String message = found ? lines.get(lines.size() - 1) : "";
        double seconds = (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
        return new Outcome(name, found, seconds, message.substring(0, Math.min(LONGEST_MESSAGE, message.length())));
    }
}
