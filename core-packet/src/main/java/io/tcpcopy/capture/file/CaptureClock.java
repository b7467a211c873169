package io.tcpcopy.capture.file;

import java.util.concurrent.TimeUnit;

/**
 * Makes one clock of the times in a capture file, which may be anything: the capturing host's clock was set, one packet was
 * stamped by another one, or with nothing. What it says rises like the times in the file, and where those step back it stands
 * still and goes on from there. Where they always rise it says what they say. It counts nanoseconds and wraps, so what it says
 * is compared by subtraction.
 */
final class CaptureClock {
    /**
     * Packets that several processors have captured may be out of order by less than this. What lies further off says that a
     * clock was set, or is a packet's own.
     */
    private static final long MAX_DISORDER_NS = TimeUnit.SECONDS.toNanos(1);

    private boolean begun;
    /** The latest time so far, as this clock has it. */
    private long latestNs;
    /** How far this clock is ahead of the file. */
    private long aheadNs;

    /**
     * The time of a packet: never more than a second before one that was asked for earlier. A time that is far from that of the
     * packet before counts only if the packet behind agrees: if that is less than half as far, its own is the time before.
     *
     * @param stampNs what the file says of the packet
     * @param nextStampNs what it says of the next one; {@code stampNs} for the last
     */
    long timeNs(long stampNs, long nextStampNs) {
        long timeNs = stampNs + aheadNs;
        if (!begun) {
            begun = true;
            latestNs = timeNs;
        }
        long stepNs = timeNs - latestNs;
        long nextStepNs = nextStampNs + aheadNs - latestNs;
        if (Math.abs(stepNs) > MAX_DISORDER_NS && Math.abs(nextStepNs) < Math.abs(stepNs) / 2) {
            return latestNs;
        }
        if (stepNs < -MAX_DISORDER_NS) {
            aheadNs -= stepNs;
            return latestNs;
        }
        latestNs += Math.max(0, stepNs);
        return timeNs;
    }
}
