package io.tcpcopy.tcpcopy.offline;

import java.util.concurrent.TimeUnit;

/** When the packets of a capture file are due: as far apart as they were captured, or nearer. */
final class ReplaySchedule {
    /**
     * A delay of up to this, because the machine or the target was slow, is made up for by sending faster. What exceeds it
     * moves all later packets, which would otherwise leave in a burst that no client has sent.
     */
    private static final long MAX_CAUGHT_UP_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int speedUp;
    private final long longestGapNs;

    private boolean begun;
    /** The latest of the packets that were taken, in the time of the capture. */
    private long latestCapturedNs;
    /** When the packet that was taken last was due, in the time of the loop. */
    private long lastDueNs;

    /**
     * No packet was taken yet.
     *
     * @param speedUp divides the gaps between packets
     * @param longestGapNs longer gaps are skipped
     */
    ReplaySchedule(int speedUp, long longestGapNs) {
        this.speedUp = speedUp;
        this.longestGapNs = longestGapNs;
    }

    /**
     * When the next packet is due, in the time of the loop.
     *
     * @param capturedNs when it was captured
     * @param atCapturedSpeed whether it must not follow the packet before faster than it was captured
     * @param nowNs the time of the loop
     */
    long dueNs(long capturedNs, boolean atCapturedSpeed, long nowNs) {
        if (!begun) {
            return nowNs;
        }
        long gapNs = Math.max(0, capturedNs - latestCapturedNs);
        if (atCapturedSpeed) {
            return afterLastDueNs(gapNs);
        }
        return gapNs > longestGapNs ? lastDueNs : afterLastDueNs(gapNs / speedUp);
    }

    /** Gaps may be of centuries: then never. */
    private long afterLastDueNs(long pauseNs) {
        return pauseNs < Long.MAX_VALUE - lastDueNs ? lastDueNs + pauseNs : Long.MAX_VALUE;
    }

    /**
     * The next packet is taken at {@code nowNs}; it was due at {@code dueNs}.
     *
     * @return when it was due, less what is not made up for
     */
    long taken(long capturedNs, long dueNs, long nowNs) {
        if (!begun || capturedNs - latestCapturedNs > 0) {
            latestCapturedNs = capturedNs;
        }
        lastDueNs = begun ? Math.max(dueNs, nowNs - MAX_CAUGHT_UP_NS) : nowNs;
        begun = true;
        return lastDueNs;
    }

    /** The capture begins again: its first packet is due at once. */
    void beginAgain() {
        begun = false;
    }
}
