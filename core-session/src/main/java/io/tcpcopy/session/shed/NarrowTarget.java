package io.tcpcopy.session.shed;

import io.tcpcopy.session.base.TargetHandshakes;
import io.tcpcopy.session.base.TargetRoom;

/** Sees from one target's handshakes, and from the room for packets to it, whether less gets through to it than comes. */
final class NarrowTarget {
    /** So many handshakes tell something: fewer may be unanswered by chance. */
    private static final int HANDSHAKES_THAT_TELL = 50;
    /** From this part of the handshakes on. A network that loses a tenth of the packets either way leaves a fifth unanswered. */
    private static final double MANY_UNANSWERED = 0.25;
    /** At least: those that are answered late get through as well. */
    private static final double LEAST_THROUGHPUT = 0.5;
    /** From this part of the time on, that there is no room. Less is what any queue has under load. */
    private static final double MOSTLY = 0.5;
    /** Nobody knows how much does find room: at each look it is taken for so much. */
    private static final double ASSUMED_THROUGHPUT = 0.9;

    private final TargetRoom room;
    private final TargetHandshakes handshakes;
    private final CopiedShare share;
    private long answeredBefore;
    private long unansweredBefore;
    private long lateBefore;
    /** Whether many were unanswered at the look before: a target that pauses for a moment is none that is overloaded. */
    private boolean manyBefore;

    private long goneBeforeNs;

    NarrowTarget(TargetRoom room, TargetHandshakes handshakes, CopiedShare share) {
        this.room = room;
        this.handshakes = handshakes;
        this.share = share;
    }

    /** So much time has passed since the last look. */
    void observe(long elapsedNs, long nowNs) {
        observeRoom(elapsedNs, nowNs);
        observeHandshakes(nowNs);
    }

    private void observeRoom(long elapsedNs, long nowNs) {
        long goneNs = room.goneNs(nowNs);
        double without = (double) (goneNs - goneBeforeNs) / elapsedNs;
        goneBeforeNs = goneNs;
        if (without > MOSTLY) {
            share.narrow(NarrowPlace.INJECTION, ASSUMED_THROUGHPUT, nowNs);
        }
    }

    /**
     * Where none is answered, not even late, something else is wrong than that they are too many. After a fall they are those of before
     * it.
     */
    private void observeHandshakes(long nowNs) {
        long answered = handshakes.answered(room.number()) - answeredBefore;
        long unanswered = handshakes.unanswered(room.number()) - unansweredBefore;
        long late = handshakes.answeredLate(room.number()) - lateBefore;
        long all = answered + unanswered;
        if (all < HANDSHAKES_THAT_TELL) {
            return;
        }
        answeredBefore += answered;
        unansweredBefore += unanswered;
        lateBefore += late;
        boolean many = unanswered >= all * MANY_UNANSWERED && answered + late > 0 && !share.hasFallen();
        if (many && manyBefore) {
            share.narrow(NarrowPlace.HANDSHAKES, Math.max(LEAST_THROUGHPUT, (double) (answered + late) / all), nowNs);
        }
        manyBefore = many;
    }
}
