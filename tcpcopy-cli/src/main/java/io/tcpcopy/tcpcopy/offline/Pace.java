package io.tcpcopy.tcpcopy.offline;

import java.util.concurrent.TimeUnit;

/** When the packets of a capture are due: as far apart as they were captured, or nearer. */
final class Pace {
    /** What is later than this, since the machine or the target was slow, is not made up for. */
    private static final long MOST_LATE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Packets of several processors are a little out of order; further back the clock was set. */
    private static final long CLOCK_SET_NS = TimeUnit.SECONDS.toNanos(1);

    private final int speedUp;
    private final long longestGapNs;

    private boolean begun;
    /** The latest of the packets that were taken, in the time of the capture. */
    private long latestNs;
    /** When the one taken last was due, in the time of the loop. */
    private long lastDueNs;

    /**
     * Nothing was taken yet.
     *
     * @param speedUp divides the gaps between packets
     * @param longestGapNs longer ones are skipped
     */
    Pace(int speedUp, long longestGapNs) {
        this.speedUp = speedUp;
        this.longestGapNs = longestGapNs;
    }

    /**
     * When the next packet is due, in the time of the loop.
     *
     * @param capturedNs when it was captured
     * @param unhurried whether it must not follow the one before faster than it was captured
     */
    long dueNs(long capturedNs, boolean unhurried, long nowNs) {
        if (!begun) {
            return nowNs;
        }
        long gapNs = isSetBack(capturedNs) ? 0 : Math.max(0, capturedNs - latestNs);
        if (unhurried) {
            return lastDueNs + gapNs;
        }
        return gapNs > longestGapNs ? lastDueNs : lastDueNs + gapNs / speedUp;
    }

    /** The next packet was taken, which was due at this time. */
    void taken(long capturedNs, long dueNs, long nowNs) {
        latestNs = !begun || isSetBack(capturedNs) ? capturedNs : Math.max(latestNs, capturedNs);
        lastDueNs = begun ? Math.max(dueNs, nowNs - MOST_LATE_NS) : nowNs;
        begun = true;
    }

    /** The capture begins again. */
    void beginAgain() {
        begun = false;
    }

    private boolean isSetBack(long capturedNs) {
        return latestNs - capturedNs > CLOCK_SET_NS;
    }
}
