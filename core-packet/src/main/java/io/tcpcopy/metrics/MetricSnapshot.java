package io.tcpcopy.metrics;

import java.util.HashMap;
import java.util.Map;

/** What numbers stood at in one moment, or how far they went between two. */
public final class MetricSnapshot {
    private final Map<Metric, Long> values;
    /** What counts as zero; null where that is zero. */
    private final MetricSnapshot origin;

    /** Nothing is noted so far. */
    public MetricSnapshot() {
        this(new HashMap<>(), null);
    }

    private MetricSnapshot(Map<Metric, Long> values, MetricSnapshot origin) {
        this.values = values;
        this.origin = origin;
    }

    /** Notes what one number stands at. */
    public MetricSnapshot put(Metric metric, long value) {
        values.put(metric, value);
        return this;
    }

    /** What a number stood at; 0 for one that was not noted. */
    public long get(Metric metric) {
        Long value = values.get(metric);
        if (value == null) {
            return 0;
        }
        return origin == null ? value : value - origin.get(metric);
    }

    /** How far the numbers went between an earlier moment and this one. Few of them are asked for, mostly. */
    public MetricSnapshot since(MetricSnapshot earlier) {
        return new MetricSnapshot(values, earlier);
    }
}
