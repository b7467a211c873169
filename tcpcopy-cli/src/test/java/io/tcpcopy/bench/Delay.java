package io.tcpcopy.bench;

import java.util.Arrays;
import java.util.Collection;

/**
 * How long requests took from their capture on the way in to that of their copies on the way out.
 *
 * @param copies how many of them
 * @param medianMs in milliseconds
 * @param percentile99Ms that of 99 of 100 is no longer
 * @param longestMs that of the last one
 */
record Delay(int copies, double medianMs, double percentile99Ms, double longestMs) {

    private static final double NS_PER_MS = 1e6;

    /** Of these times in nanoseconds, at least one. */
    static Delay of(Collection<Long> delaysNs) {
        long[] sorted = delaysNs.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Delay(sorted.length, quantile(sorted, 0.5), quantile(sorted, 0.99), quantile(sorted, 1));
    }

    private static double quantile(long[] sorted, double part) {
        int index = (int) Math.ceil(part * sorted.length) - 1;
        return Arrays.stream(sorted).skip(Math.max(0, index)).findFirst().orElseThrow() / NS_PER_MS;
    }
}
