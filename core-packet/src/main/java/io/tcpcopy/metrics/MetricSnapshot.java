package io.tcpcopy.metrics;

import java.util.HashMap;
import java.util.Map;

/** What numbers stood at in one moment, or how far they went between two. */
public final class MetricSnapshot {
    private final Map<Metric, Long> values = new HashMap<>();

    /** Notes what one number stands at. */
    public MetricSnapshot put(Metric metric, long value) {
        values.put(metric, value);
        return this;
    }

    /** What a number stood at; 0 for one that was not noted. */
    public long get(Metric metric) {
        return values.getOrDefault(metric, 0L);
    }

    /** How far the numbers went between an earlier moment and this one. */
    public MetricSnapshot since(MetricSnapshot earlier) {
        MetricSnapshot difference = new MetricSnapshot();
        values.forEach((metric, value) -> difference.put(metric, value - earlier.get(metric)));
        return difference;
    }
}
