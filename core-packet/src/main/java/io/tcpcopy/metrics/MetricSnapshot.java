package io.tcpcopy.metrics;

import java.util.HashMap;
import java.util.Map;

/** What numbers stood at in one moment, or how far they went between two. */
public final class MetricSnapshot {
    private final Map<Metric, Long> values;
    private final Map<Histogram, Durations> histograms;
    /** What counts as zero; null where that is zero. */
    private final MetricSnapshot origin;

    /** Nothing is noted so far. */
    public MetricSnapshot() {
        this(new HashMap<>(), new HashMap<>(), null);
    }

    private MetricSnapshot(Map<Metric, Long> values, Map<Histogram, Durations> histograms, MetricSnapshot origin) {
        this.values = values;
        this.histograms = histograms;
        this.origin = origin;
    }

    /** Notes what one number stands at. */
    public MetricSnapshot put(Metric metric, long value) {
        values.put(metric, value);
        return this;
    }

    /** Notes what a histogram has recorded. */
    public MetricSnapshot put(Histogram histogram, Durations durations) {
        histograms.put(histogram, durations);
        return this;
    }

    /** What a histogram had recorded; nothing of one that was not noted. */
    public Durations get(Histogram histogram) {
        Durations durations = histograms.getOrDefault(histogram, Durations.NONE);
        return origin == null ? durations : durations.since(origin.get(histogram));
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
        return new MetricSnapshot(values, histograms, earlier);
    }
}
