package io.tcpcopy.memory;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.Metrics;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What the process costs besides memory. */
public enum ProcessMetric implements Metric {
    CPU("process_cpu_seconds_total", "Processor time of the process, in all its threads.");

    private final Description description;

    ProcessMetric(String name, String help) {
        description = new Description(name, help);
    }

    /** Adds all; {@code cpuTimeNs} tells the processor time. */
    public static void add(LongSupplier cpuTimeNs, Metrics metrics) {
        metrics.add(CPU, cpuTimeNs);
    }

    @Override
    public Description description() {
        return description;
    }

    @Override
    public long perUnit() {
        return TimeUnit.SECONDS.toNanos(1);
    }
}
