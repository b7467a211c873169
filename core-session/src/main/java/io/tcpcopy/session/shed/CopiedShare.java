package io.tcpcopy.session.shed;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import java.util.concurrent.TimeUnit;

/**
 * Which part of the new connections to one target is copied: all of them, until less gets through somewhere. Then the share falls far
 * enough that what waits there becomes less. When that is over it comes back quickly to a little less than what got through, and rises
 * slowly from there on, until a place is narrow again.
 */
public final class CopiedShare {
    private static final int PERCENT = 100;
    /** Of the range of a hash. */
    private static final int ALL = 1 << 16;
    /** So many at least: from none nobody could tell when more get through. */
    private static final double LEAST = ALL / 100.0;

    /** Of what gets through, as long as something waits. */
    private static final double WHILE_IT_WAITS = 0.6;
    /** Of what got through, when nothing waits any more. */
    private static final double AFTERWARDS = 0.9;
    /** Where so much gets through, in proportion to what comes, little is left soon that waits. */
    private static final double CATCHING_UP = 1.1;
    /** Until this time after a fall what is under way is as much as before it. */
    private static final long UNDER_WAY_NS = TimeUnit.MILLISECONDS.toNanos(500);

    /** By so much of itself the share rises in a second as long as it is below what got through. */
    private static final double FAST_RISE = 1;
    /** By so much of itself, and of all, it rises further on: when a place is narrow again, the share has not far to fall. */
    private static final double SLOW_RISE = 0.05;

    private static final double SLOW_RISE_OF_ALL = ALL * 0.005;

    private final Endpoint target;
    private double share = ALL;
    /** To what the share comes back quickly: of several falls in a row, the later count for more. */
    private double steadyShare = ALL;

    private NarrowPlace narrowPlace = NarrowPlace.CAPTURE;
    /** Whether a place was narrow since {@link #rise}, and whether the share has fallen for it. */
    private boolean narrow;

    private boolean fallen;
    private long fallNs = NEVER;

    CopiedShare(Endpoint target) {
        this.target = target;
    }

    /** Less than everything gets through a place: of all that came lately {@code throughput}, above 1 where it catches up. */
    void narrow(NarrowPlace place, double throughput, long nowNs) {
        narrow = true;
        boolean isUnderWay = fallNs != NEVER && nowNs - fallNs < UNDER_WAY_NS;
        if (throughput < CATCHING_UP && !isUnderWay) {
            double gotThrough = share * Math.max(0, Math.min(1, throughput));
            double steady = gotThrough * AFTERWARDS;
            steadyShare = steadyShare == ALL ? steady : (steadyShare + steady) / 2;
            share = Math.max(LEAST, gotThrough * WHILE_IT_WAITS);
            narrowPlace = place;
            fallen = true;
            fallNs = nowNs;
        }
    }

    /** Whether the share has fallen since {@link #rise}. */
    boolean hasFallen() {
        return fallen;
    }

    /** Leaving out connections was in vain: all are copied. */
    void restore() {
        share = ALL;
        steadyShare = ALL;
    }

    /** So many seconds have passed: more are copied, unless a place was narrow meanwhile. */
    void rise(double seconds) {
        if (!narrow) {
            double fast = Math.min(steadyShare, share * (1 + FAST_RISE * seconds));
            double slow = share + (share * SLOW_RISE + SLOW_RISE_OF_ALL) * seconds;
            share = Math.min(ALL, Math.max(fast, slow));
            steadyShare = share == ALL ? ALL : steadyShare;
        }
        narrow = false;
        fallen = false;
    }

    /**
     * Whether a connection is one of those that are copied. It depends on its ends alone, by a hash of which a secret of this process
     * is a part: what -r and --part take has no influence.
     */
    boolean has(Flow captured) {
        return share >= ALL || (captured.hashCode() & ALL - 1) < share;
    }

    /** The target. */
    public Endpoint target() {
        return target;
    }

    /** The share in percent, rounded down: 100 only if all are copied. */
    public int percent() {
        return (int) (share * PERCENT / ALL);
    }

    /** Where less got through than came, when the share fell last. */
    public NarrowPlace narrowPlace() {
        return narrowPlace;
    }
}
