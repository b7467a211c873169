package io.tcpcopy.tcpcopy.copy;

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;

/**
 * Sees whether packets of a source are read as fast as they are captured. They are not where even the one that has waited least in an
 * interval has waited for long, and where the kernel drops some in one interval after the other: what was left over from a stop is
 * read in no time.
 */
final class CaptureBacklog {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(400);
    /**
     * More than a processor that others use as well makes packets wait, or the first seconds of a JVM; less than the capture's buffer
     * holds under the heaviest load.
     */
    private static final long LATE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final LongSupplier wallClockNs;
    private final LongSupplier kernelDrops;
    private final DoubleConsumer narrow;

    /** From this part of the packets on. */
    private static final double MANY_DROPPED = 0.01;

    private long turnNs;
    private boolean begun;
    /** When the interval began, how late the first packet of that turn was, and the first packet of any turn since at least. */
    private long sinceNs;

    private long firstLateNs;
    private long leastLateNs;
    private long packets;
    private long dropsBefore;
    /** Whether many were dropped in the interval before. */
    private boolean dropped;

    /**
     * Nothing was read yet.
     *
     * @param wallClockNs the clock of the source's packets
     * @param kernelDrops how many packets of it the kernel has dropped
     * @param narrow hears, of an interval in which not everything that came was read, how much of it was: above 1 where some of what
     *     had waited was read as well
     */
    CaptureBacklog(LongSupplier wallClockNs, LongSupplier kernelDrops, DoubleConsumer narrow) {
        this.wallClockNs = wallClockNs;
        this.kernelDrops = kernelDrops;
        this.narrow = narrow;
    }

    /**
     * A packet is read.
     *
     * @param arrivalNs when it was captured
     * @param nowNs the time of the turn
     */
    void read(long arrivalNs, long nowNs) {
        packets++;
        if (begun && nowNs == turnNs) {
            return;
        }
        turnNs = nowNs;
        long lateNs = wallClockNs.getAsLong() - arrivalNs;
        leastLateNs = Math.min(leastLateNs, lateNs);
        long intervalNs = nowNs - sinceNs;
        if (begun && intervalNs >= INTERVAL_NS) {
            judge(lateNs, intervalNs);
        }
        if (!begun || intervalNs >= INTERVAL_NS) {
            begun = true;
            sinceNs = nowNs;
            firstLateNs = lateNs;
            leastLateNs = lateNs;
            packets = 0;
        }
    }

    private void judge(long lateNs, long intervalNs) {
        boolean isLate = leastLateNs >= LATE_NS;
        // Packets of how much time were read in that of the interval.
        double ofTime = isLate ? 1 - (double) (lateNs - firstLateNs) / intervalNs : 1;
        double ofPackets = partNotDropped(intervalNs);
        if (isLate || ofPackets < 1) {
            narrow.accept(ofTime * ofPackets);
        }
    }

    /** Of the packets that came; 1 where few were dropped, or none in the interval before, which may have been a stop. */
    private double partNotDropped(long intervalNs) {
        long drops = kernelDrops.getAsLong() - dropsBefore;
        dropsBefore += drops;
        boolean before = dropped;
        dropped = drops > packets * MANY_DROPPED && intervalNs < 2 * INTERVAL_NS;
        return before && dropped ? (double) packets / (packets + drops) : 1;
    }
}
