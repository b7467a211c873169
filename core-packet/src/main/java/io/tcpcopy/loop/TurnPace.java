package io.tcpcopy.loop;

import java.util.concurrent.TimeUnit;

/**
 * How far apart the turns of a loop are where they follow each other without end. A turn costs some system calls and finds little of its
 * code and data in the processor's caches, however few packets it takes; and packets wait for it, on their way to the target, from there
 * and from the other daemon.
 */
final class TurnPace {
    /** So many turns may follow each other at once after a time with few of them: where there is little to do nothing waits. */
    private static final int MOST_AHEAD = 20;
    /** A shorter rest is not worth a system call. */
    private static final long MIN_REST_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final long intervalNs;
    private final long mostAheadNs;
    /** When the next turn would begin if all were evenly apart. */
    private long evenTurnNs;

    TurnPace(long intervalNs, long nowNs) {
        this.intervalNs = intervalNs;
        mostAheadNs = MOST_AHEAD * intervalNs;
        evenTurnNs = nowNs;
    }

    /** A turn begins. */
    void turnBegins(long nowNs) {
        long aheadNs = Math.max(0, Math.min(evenTurnNs - nowNs, mostAheadNs));
        evenTurnNs = nowNs + aheadNs + intervalNs;
    }

    /** How long to rest before the next turn begins; 0 for not at all. */
    long restNs(long nowNs) {
        long restNs = evenTurnNs - mostAheadNs - nowNs;
        return restNs >= MIN_REST_NS ? restNs : 0;
    }
}
