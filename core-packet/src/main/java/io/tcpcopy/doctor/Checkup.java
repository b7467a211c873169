package io.tcpcopy.doctor;

import io.tcpcopy.diagnosis.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Runs checks at the same time, since some wait: all of them together take no longer than the longest. */
public final class Checkup implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<CompletableFuture<List<Finding>>> checks = new ArrayList<>();

    /** Without checks. */
    public Checkup() {}

    /** Begins to find out what several checks need. */
    public <T> Supplier<T> begin(Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, threads)::join;
    }

    /** Begins a check, which finds something about each thing that it looks at. */
    public void add(Supplier<List<Finding>> check) {
        checks.add(CompletableFuture.supplyAsync(check, threads));
    }

    /** What all checks have found, in the order in which they were added; waits for them. */
    public Findings findings() {
        return new Findings(
                checks.stream().flatMap(check -> check.join().stream()).toList());
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
