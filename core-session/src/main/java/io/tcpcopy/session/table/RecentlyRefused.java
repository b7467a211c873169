package io.tcpcopy.session.table;

import java.util.concurrent.TimeUnit;

/**
 * What was refused of late, by a key of 64 bits. Several keys share a place in memory, where the last one stays: one that was refused
 * may seem not to have been, and hardly any the other way round.
 */
final class RecentlyRefused {
    private static final int MULTIPLIER = 0x9E3779B9;

    private final long lifeNs;
    private final int shift;
    private final long[] keys;
    private final long[] untilNs;

    /**
     * Nothing was refused.
     *
     * @param placesLog the logarithm to base 2 of how many keys there is room for
     * @param lifeMs for how long a key is remembered behind the last refusal
     */
    RecentlyRefused(int placesLog, long lifeMs) {
        lifeNs = TimeUnit.MILLISECONDS.toNanos(lifeMs);
        shift = Integer.SIZE - placesLog;
        keys = new long[1 << placesLog];
        untilNs = new long[1 << placesLog];
    }

    /** Whether it was refused of late. */
    boolean contains(long key, long nowNs) {
        int place = place(key);
        return keys[place] == key && untilNs[place] - nowNs > 0;
    }

    /**
     * It is refused.
     *
     * @return whether it was not refused of late
     */
    boolean add(long key, long nowNs) {
        boolean isNew = !contains(key, nowNs);
        int place = place(key);
        keys[place] = key;
        untilNs[place] = nowNs + lifeNs;
        return isNew;
    }

    private int place(long key) {
        return Long.hashCode(key) * MULTIPLIER >>> shift;
    }
}
