package io.tcpcopy.tcpcopy.copy;

import static io.tcpcopy.packet.OutgoingPacket.TIME_UNKNOWN;

import io.tcpcopy.loop.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells in the loop's time when packets were captured. The kernel stamps them with the time of the day, which may be set
 * meanwhile: nobody knows then how long ago it was that those were captured that are read in the next second.
 */
final class CaptureTime {
    /** Of a clock that is set slowly: 500 us a second at the most (adjtimex(2)), and turns are not that far apart mostly. */
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Longer than packets wait in the capture's buffer, mostly. */
    private static final long UNKNOWN_NS = TimeUnit.SECONDS.toNanos(1);
    /** If reading both clocks took longer, something came in between, and they are not of one moment. */
    private static final long SAME_MOMENT_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private final EventLoop loop;
    private final LongSupplier wallClockNs;

    private boolean begun;
    private long turnNs;
    /** How far the wall clock is before the loop's, and when that was found out. */
    private long aheadNs;

    private long comparedNs;
    private long steppedNs;

    /** {@code wallClockNs} is the clock of the packets. */
    CaptureTime(EventLoop loop, LongSupplier wallClockNs) {
        this.loop = loop;
        this.wallClockNs = wallClockNs;
        steppedNs = loop.nowNs() - UNKNOWN_NS;
    }

    /**
     * When a packet was captured.
     *
     * @param arrivalNs in the time of the wall clock
     * @return in the loop's time; {@link io.tcpcopy.packet.OutgoingPacket#TIME_UNKNOWN} after the wall clock was set
     */
    long of(long arrivalNs) {
        long nowNs = loop.nowNs();
        if (!begun || nowNs != turnNs) {
            turnNs = nowNs;
            compare();
        }
        return nowNs - steppedNs < UNKNOWN_NS ? TIME_UNKNOWN : arrivalNs - aheadNs;
    }

    private void compare() {
        long beforeNs = loop.clockNs();
        long wallNs = wallClockNs.getAsLong();
        long tookNs = loop.clockNs() - beforeNs;
        if (begun && tookNs > SAME_MOMENT_NS) {
            return;
        }
        long newAheadNs = wallNs - beforeNs - tookNs / 2;
        long slewNs = (beforeNs - comparedNs) / 2000;
        if (begun && Math.abs(newAheadNs - aheadNs) > STEP_NS + slewNs) {
            steppedNs = turnNs;
        }
        begun = true;
        aheadNs = newAheadNs;
        comparedNs = beforeNs;
    }
}
