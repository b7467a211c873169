package io.tcpcopy.session.shed;

import io.tcpcopy.session.base.KnownTarget;
import io.tcpcopy.session.base.TargetHandshakes;
import io.tcpcopy.session.connection.SessionContext;
import io.tcpcopy.session.window.PacketPool;
import java.util.concurrent.TimeUnit;

/**
 * Sees from one target's handshakes, and from the room for packets to it, whether less gets through to it than comes. One look tells
 * nothing: a target that pauses, or a network, may look the same for a moment.
 */
final class NarrowTarget {
    /** So many looks in a row that show the same. While a target pauses none of its handshakes is answered, which is another matter. */
    private static final int LOOKS_THAT_TELL = 2;
    /** After so long without a look those before are forgotten. */
    private static final long LONGEST_LOOK_NS = TimeUnit.SECONDS.toNanos(1);

    /** So many handshakes tell something: fewer may be unanswered by chance. */
    private static final int HANDSHAKES_THAT_TELL = 50;
    /** From this part of the handshakes on. A network that loses a tenth of the packets either way leaves a fifth unanswered. */
    private static final double MANY_NOT_IN_TIME = 0.25;
    /** At least: some of them are only late. */
    private static final double LEAST_THROUGHPUT = 0.5;
    /** Where so few are tried, and as many unanswered, it is not for their number; not before all from before are given up. */
    private static final int FEW_PERCENT = 10;

    private static final long IN_VAIN_NS = TimeUnit.SECONDS.toNanos(8);

    /** From this part of the time on, that there is no room. Less is what any queue has under load. */
    private static final double MOSTLY = 0.5;
    /** Nobody knows how much does find room: it is taken for so much. */
    private static final double ASSUMED_THROUGHPUT = 0.9;

    private final KnownTarget target;
    private final TargetHandshakes handshakes;
    private final PacketPool pool;
    private final CopiedShare share;

    private long goneBeforeNs;
    private int waitingBefore;
    private int looksWithoutRoom;

    private long inTimeBefore;
    private long notInTimeBefore;
    private long lateBefore;
    private int looksNotInTime;
    /** For how long few were tried, and many of them not answered in time. */
    private long inVainNs;
    /** Whether it is in vain to try less, until most are answered. */
    private boolean inVain;

    NarrowTarget(KnownTarget target, SessionContext context, CopiedShare share) {
        this.target = target;
        this.handshakes = context.handshakes();
        this.pool = context.pool();
        this.share = share;
    }

    /** So much time has passed since the last look. */
    void observe(long elapsedNs, long nowNs) {
        if (elapsedNs > LONGEST_LOOK_NS) {
            looksWithoutRoom = 0;
            looksNotInTime = 0;
        }
        observeRoom(elapsedNs, nowNs);
        observeHandshakes(elapsedNs, nowNs);
    }

    /** That there is no room is no loss by itself: sessions wait for it. It is too much when ever more waits. */
    private void observeRoom(long elapsedNs, long nowNs) {
        long goneNs = target.goneNs(nowNs);
        boolean mostly = goneNs - goneBeforeNs > elapsedNs * MOSTLY;
        goneBeforeNs = goneNs;
        int waiting = pool.packetsInUse();
        looksWithoutRoom = mostly && waiting > waitingBefore ? looksWithoutRoom + 1 : 0;
        waitingBefore = waiting;
        if (looksWithoutRoom >= LOOKS_THAT_TELL) {
            share.narrow(NarrowPlace.INJECTION, ASSUMED_THROUGHPUT, nowNs);
        }
    }

    private void observeHandshakes(long elapsedNs, long nowNs) {
        long inTime = handshakes.inTime(target.number()) - inTimeBefore;
        long notInTime = handshakes.notInTime(target.number()) - notInTimeBefore;
        long late = handshakes.late(target.number()) - lateBefore;
        inTimeBefore += inTime;
        notInTimeBefore += notInTime;
        lateBefore += late;
        long all = inTime + notInTime;
        boolean many = notInTime >= all * MANY_NOT_IN_TIME && notInTime > 0;
        noteInVain(many, all, elapsedNs);
        // Where none is answered, not even late, something else is wrong than that they are too many.
        boolean tells = all >= HANDSHAKES_THAT_TELL && inTime + late > 0 && !inVain;
        // After a fall they are those of before it.
        looksNotInTime = many && tells && !share.hasFallen() ? looksNotInTime + 1 : 0;
        if (looksNotInTime >= LOOKS_THAT_TELL) {
            looksNotInTime = 0;
            share.narrow(NarrowPlace.HANDSHAKES, Math.max(LEAST_THROUGHPUT, (double) (inTime + late) / all), nowNs);
        }
    }

    /** As many stay unanswered when few are tried: some networks are not routed to the assistant, or one intercept is gone. */
    private void noteInVain(boolean many, long all, long elapsedNs) {
        boolean few = share.percent() < FEW_PERCENT && share.narrowPlace() == NarrowPlace.HANDSHAKES;
        if (all > 0 && !many) {
            inVain = false;
            inVainNs = 0;
        } else if (few && all > 0) {
            inVainNs += elapsedNs;
            if (inVainNs >= IN_VAIN_NS) {
                inVain = true;
                inVainNs = 0;
                share.restore();
            }
        }
    }
}
