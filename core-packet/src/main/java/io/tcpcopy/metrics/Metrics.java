package io.tcpcopy.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * All numbers of a program. Whoever counts adds its own; log lines, diagnosis and summary read them here. They are read on
 * the thread that counts: what a number costs to ask for, a system call perhaps, is its owner's affair.
 */
public final class Metrics {
    private final String program;
    private final Map<Metric, LongSupplier> values = new LinkedHashMap<>();

    /** No numbers yet. */
    public Metrics(String program) {
        this.program = program;
    }

    /**
     * Adds a number.
     *
     * @param value asked for it, now and then
     * @throws IllegalArgumentException when it is there already
     */
    public Metrics add(Metric metric, LongSupplier value) {
        if (values.putIfAbsent(metric, value) != null) {
            throw new IllegalArgumentException(metric + " is there already");
        }
        return this;
    }

    /** Adds the counters of an enum. */
    public <E extends Enum<E> & Metric> Metrics add(Class<E> type, Counters<E> counters) {
        for (E metric : type.getEnumConstants()) {
            add(metric, () -> counters.get(metric));
        }
        return this;
    }

    /**
     * What a number stands at.
     *
     * @throws IllegalArgumentException when nobody has added it
     */
    public long get(Metric metric) {
        LongSupplier value = values.get(metric);
        if (value == null) {
            throw new IllegalArgumentException(metric + " was not added");
        }
        return value.getAsLong();
    }

    /** What all numbers stand at. */
    public MetricSnapshot snapshot() {
        MetricSnapshot snapshot = new MetricSnapshot();
        values.forEach((metric, value) -> snapshot.put(metric, value.getAsLong()));
        return snapshot;
    }

    /** All numbers, in the order in which they were added. */
    public Set<Metric> all() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** The whole name of a number, for instance {@code tcpcopy_sessions_total}. */
    public String nameOf(Metric metric) {
        return program + "_" + metric.description().name();
    }
}
