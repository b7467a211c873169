package io.tcpcopy.session;

import io.tcpcopy.session.base.TargetHandshakes;
import java.util.concurrent.TimeUnit;

/**
 * How many packets may wait for the targets while a capture is replayed, before it is held up. As many as keep the targets busy, but
 * no more connections at once than their listen queues hold, of which nothing is known: the number rises until a handshake is not
 * answered in time.
 */
final class ReplayLead {
    /** About what 100 connections have: few listen queues are shorter. */
    private static final int FEWEST = 512;
    /** About what 400 connections have. With more a target has nothing more to do at once, and many listen queues overflow. */
    private static final int MOST = 2048;

    private static final int STEP = 128;
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final TargetHandshakes handshakes;
    private int packets = FEWEST;
    private long notInTimeBefore;
    private long nextLookNs = Long.MIN_VALUE;

    ReplayLead(TargetHandshakes handshakes) {
        this.handshakes = handshakes;
    }

    /** A turn begins. */
    void turn(long nowNs) {
        if (nowNs < nextLookNs) {
            return;
        }
        nextLookNs = nowNs + INTERVAL_NS;
        long notInTime = handshakes.notInTime();
        packets = notInTime == notInTimeBefore ? Math.min(packets + STEP, MOST) : FEWEST;
        notInTimeBefore = notInTime;
    }

    /** How many packets may wait now. */
    int packets() {
        return packets;
    }
}
