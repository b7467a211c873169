package io.tcpcopy.observe;

import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.metrics.Metrics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * A program that runs, and what it says of itself. It is asked on its own thread, and does no more there than to note numbers.
 *
 * @param loop has something run on the program's thread soon; any thread may call it
 * @param metrics the program's numbers
 * @param findings what its diagnosis has found and still holds; asked on the program's thread
 * @param notReady why it does not do its work at present, in one line, if it does not; asked on the program's thread
 */
public record RunningProgram(
        Executor loop, Metrics metrics, Supplier<List<Finding>> findings, Supplier<Optional<String>> notReady) {
    /** Asks it. The answer is there soon, unless the program's thread is busy with something else; any thread may ask. */
    public CompletableFuture<Observation> observe() {
        return CompletableFuture.supplyAsync(this::look, loop);
    }

    private Observation look() {
        return new Observation(
                List.copyOf(metrics.all()), metrics.wholeSnapshot(), List.copyOf(findings.get()), notReady.get());
    }
}
