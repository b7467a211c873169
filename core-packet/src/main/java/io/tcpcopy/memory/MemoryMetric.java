package io.tcpcopy.memory;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.Metrics;
import java.util.function.LongSupplier;

/** The memory of the process. */
public enum MemoryMetric implements Metric {
    /** Asking for it reads a file of the kernel. */
    RESIDENT("memory_resident_bytes", "Memory that the process occupies."),
    HEAP("memory_heap_bytes", "Java's heap, in use or not; a part that was never used is not resident."),
    /** Of a program that has one. */
    LIMIT("memory_limit_bytes", "Memory that the process may occupy (-m): with more it ends.");

    private final Description description;

    MemoryMetric(String name, String help) {
        description = new Description(name, help);
    }

    /** Adds what every program has; {@code residentBytes} tells what the process occupies. */
    public static void add(LongSupplier residentBytes, Metrics metrics) {
        metrics.add(RESIDENT, residentBytes)
                .add(HEAP, () -> Runtime.getRuntime().totalMemory());
    }

    @Override
    public Description description() {
        return description;
    }
}
