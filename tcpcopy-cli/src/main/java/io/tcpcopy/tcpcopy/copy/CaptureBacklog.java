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

    private long turnNs;
    private boolean begun;
    /** When the interval began, and when the latest turn in it that read something. */
    private long sinceNs;

    private long untilNs;
    /** How late the first packet of a turn was: in the first turn, in the latest one, and at least. */
    private long firstLateNs;

    private long lastLateNs;
    private long leastLateNs;
    private long packets;
    private long dropsBefore;
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
        if (!begun || nowNs - sinceNs >= INTERVAL_NS) {
            if (begun) {
                judge();
            }
            begin(lateNs, nowNs);
        }
        leastLateNs = Math.min(leastLateNs, lateNs);
        lastLateNs = lateNs;
        untilNs = nowNs;
    }

    private void begin(long lateNs, long nowNs) {
        begun = true;
        sinceNs = nowNs;
        firstLateNs = lateNs;
        leastLateNs = lateNs;
        packets = 0;
    }

    private void judge() {
        long drops = kernelDrops.getAsLong() - dropsBefore;
        dropsBefore += drops;
        boolean droppedAgain = dropped && drops > 0;
        dropped = drops > 0;
        double ofTime = isLate() ? throughput() : 1;
        double ofPackets = droppedAgain ? (double) packets / (packets + drops) : 1;
        if (isLate() || droppedAgain) {
            narrow.accept(ofTime * ofPackets);
        }
    }

    private boolean isLate() {
        return leastLateNs >= LATE_NS && untilNs > sinceNs;
    }

    /** Packets of how much time were read in that of the interval. */
    private double throughput() {
        return 1 - (double) (lastLateNs - firstLateNs) / (untilNs - sinceNs);
    }
}
