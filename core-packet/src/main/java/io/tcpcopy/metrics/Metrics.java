package io.tcpcopy.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
    private final Set<Histogram> histograms = new LinkedHashSet<>();
    private final Map<String, String> labels = new LinkedHashMap<>();

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

    /** Adds a histogram. */
    public Metrics add(Histogram histogram) {
        histograms.add(histogram);
        return this;
    }

    /** Says something of the program that is no number, and stays as it is. */
    public Metrics label(String name, String value) {
        labels.put(name, value);
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

    /** What all numbers stand at, but for those that are {@link Metric#isCostly costly}. */
    public MetricSnapshot snapshot() {
        return snapshot(false);
    }

    /** What all numbers stand at. */
    public MetricSnapshot wholeSnapshot() {
        return snapshot(true);
    }

    private MetricSnapshot snapshot(boolean costlyToo) {
        MetricSnapshot snapshot = new MetricSnapshot();
        values.forEach((metric, value) -> {
            if (costlyToo || !metric.isCostly()) {
                snapshot.put(metric, value.getAsLong());
            }
        });
        histograms.forEach(histogram -> snapshot.put(histogram, histogram.durations()));
        return snapshot;
    }

    /** All numbers, in the order in which they were added. */
    public Set<Metric> all() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** All histograms, in the order in which they were added. */
    public Set<Histogram> histograms() {
        return Collections.unmodifiableSet(histograms);
    }

    /** What is said of the program: names, and a value each, in the order in which they were added. */
    public Map<String, String> labels() {
        return Collections.unmodifiableMap(labels);
    }

    /** The whole name of a number, for instance {@code tcpcopy_sessions_total}. */
    public String nameOf(Metric metric) {
        return nameOf(metric.description());
    }

    /** The whole name of what is described. */
    public String nameOf(Description description) {
        return nameOf(description.name());
    }

    /** The whole name of what has this one within the program. */
    public String nameOf(String name) {
        return program + "_" + name;
    }
}
