package io.tcpcopy.session;

import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.admit.PacketCopier;

/** Reads what a copier counts. */
public final class Counted {
    private Counted() {}

    /** What a number stands at. */
    public static long of(PacketCopier copier, Metric metric) {
        Metrics metrics = new Metrics("test");
        copier.addTo(metrics);
        return metrics.get(metric);
    }

    /** How often a histogram, the only one of this name, was recorded to. */
    static long of(PacketCopier copier, String histogramName) {
        Metrics metrics = new Metrics("test");
        copier.addTo(metrics);
        return metrics.histograms().stream()
                .filter(histogram -> histogram.description().name().equals(histogramName))
                .mapToLong(histogram -> histogram.durations().count())
                .sum();
    }
}
