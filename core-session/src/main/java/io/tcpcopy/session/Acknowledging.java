package io.tcpcopy.session;

import static io.tcpcopy.session.SessionContext.NEVER;

import java.util.concurrent.TimeUnit;

/** When the target's payload is acknowledged, if no packet of the client takes the acknowledgement along. */
final class Acknowledging {
    /** A long download must not crawl: acknowledge after so much, 16 full-sized segments. */
    private static final int MAX_UNACKNOWLEDGED = 16 * Settings.DEFAULT_MSS;
    /** Where the third step was made here, the round trip is a guess. */
    private static final long GUESSED_RTT_LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Session session;
    private final SessionContext context;

    private long deadlineNs;
    private long unacknowledged;

    Acknowledging(Session session, SessionContext context) {
        this.session = session;
        this.context = context;
    }

    /** A new target connection: nothing to acknowledge. */
    void begin() {
        carried();
    }

    /** New payload of the target. */
    void payload(int bytes) {
        unacknowledged += bytes;
        if (deadlineNs == NEVER) {
            long delay = session.handshake.thirdStepMade()
                    ? Math.min(session.rttNs(), GUESSED_RTT_LIMIT_NS)
                    : session.rttNs();
            deadlineNs = context.nowNs + delay;
        }
    }

    /** Sends an acknowledgement now, whatever there is to acknowledge. */
    void atOnce() {
        if (!context.pause.isOn()) {
            session.handshake.thirdStep();
            context.segments.sendAck(session, session.sndNxt());
        }
    }

    /** A packet has left that carries the acknowledgement. */
    void carried() {
        deadlineNs = NEVER;
        unacknowledged = 0;
    }

    /** When the acknowledgement leaves by itself. */
    long deadlineNs() {
        return deadlineNs;
    }

    void due() {
        if (deadlineNs <= context.nowNs || unacknowledged >= MAX_UNACKNOWLEDGED) {
            atOnce();
        }
    }
}
