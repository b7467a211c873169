package io.tcpcopy.metrics;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Durations that a {@link Histogram} has recorded, since the start of the program or between two moments. */
public final class Durations {
    /** None. */
    public static final Durations NONE = new Durations(new long[0], 0);

    /** The longest duration of each bucket, from what a busy loop takes to what nobody waits for; longer ones have a bucket as well. */
    static final long[] BOUNDS_NS = {
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        25_000_000,
        50_000_000,
        100_000_000,
        250_000_000,
        500_000_000,
        1_000_000_000,
        2_500_000_000L,
        5_000_000_000L,
        10_000_000_000L,
        30_000_000_000L
    };

    private static final double NS_PER_S = TimeUnit.SECONDS.toNanos(1);

    /** By bucket; those behind its end are empty. */
    private final long[] counts;

    private final long sumNs;

    Durations(long[] counts, long sumNs) {
        this.counts = counts;
        this.sumNs = sumNs;
    }

    /** The longest duration of each bucket in seconds, the last one infinite. */
    public static double[] bounds() {
        double[] bounds =
                Arrays.stream(BOUNDS_NS).mapToDouble(ns -> ns / NS_PER_S).toArray();
        double[] all = Arrays.copyOf(bounds, bounds.length + 1);
        all[bounds.length] = Double.POSITIVE_INFINITY;
        return all;
    }

    /** How many there are in a bucket. */
    public long count(int bucket) {
        return bucket < counts.length ? counts[bucket] : 0;
    }

    /** How many there are. */
    public long count() {
        return Arrays.stream(counts).sum();
    }

    /** All of them together, in seconds. */
    public double sum() {
        return sumNs / NS_PER_S;
    }

    /** Those that were recorded after an earlier moment. */
    public Durations since(Durations earlier) {
        long[] more = new long[counts.length];
        for (int i = 0; i < more.length; i++) {
            more[i] = counts[i] - earlier.count(i);
        }
        return new Durations(more, sumNs - earlier.sumNs);
    }

    /**
     * What this part of them took at the most, in seconds, as far as the buckets tell: as if they lay evenly in each.
     *
     * @param part 0.5 for the median
     * @return 0 where there is none; the last finite bound where it is longer than that
     */
    public double quantile(double part) {
        double wanted = part * count();
        long before = 0;
        for (int i = 0; i < BOUNDS_NS.length; i++) {
            if (count(i) > 0 && before + count(i) >= wanted) {
                double lower = i == 0 ? 0 : BOUNDS_NS[i - 1];
                return (lower + (BOUNDS_NS[i] - lower) * (wanted - before) / count(i)) / NS_PER_S;
            }
            before += count(i);
        }
        return count() == 0 ? 0 : BOUNDS_NS[BOUNDS_NS.length - 1] / NS_PER_S;
    }
}
