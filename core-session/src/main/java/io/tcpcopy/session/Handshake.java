package io.tcpcopy.session;

import static io.tcpcopy.session.SessionContext.NEVER;

import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import java.util.concurrent.TimeUnit;

/** The three steps that open a target connection. */
final class Handshake {
    /** When the SYN is repeated, from the first one on. */
    private static final long[] REPEAT_AFTER_NS = {
        TimeUnit.MILLISECONDS.toNanos(200),
        TimeUnit.MILLISECONDS.toNanos(600),
        TimeUnit.MILLISECONDS.toNanos(1400),
        TimeUnit.SECONDS.toNanos(3)
    };

    private static final long GIVE_UP_AFTER_NS = TimeUnit.SECONDS.toNanos(6);
    /** How often an older connection of the pair on the target is reset before it counts as unanswered. */
    private static final int MAX_CHALLENGES = 3;

    /** Longer than a SYN-ACK takes, shorter than the first repetition of the SYN. */
    private static final long SYN_ACK_PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Session session;
    private final SessionContext context;

    private boolean synMade;
    private long startedNs;
    private long repeatNs;
    private int repeats;
    private int challenges;
    private long synAgainNs;
    private boolean resetBeforeSyn;
    private boolean thirdStepSent;
    private boolean thirdStepMade;

    Handshake(Session session, SessionContext context) {
        this.session = session;
        this.context = context;
    }

    /** A new target connection; {@code made}: its SYN is not the client's. */
    void begin(boolean made) {
        synMade = made;
        repeats = 0;
        challenges = 0;
        synAgainNs = NEVER;
        resetBeforeSyn = false;
        thirdStepSent = false;
        thirdStepMade = false;
    }

    /** Sends the SYN, which is the first packet of the window. */
    void start() {
        startedNs = context.nowNs;
        awaitAnswer();
        session.synSent();
        context.segments.send(session, session.window.first());
        session.window.markSent();
        context.count(SessionCounter.SENT_SYNS);
    }

    boolean thirdStepSent() {
        return thirdStepSent;
    }

    /** Whether the third step was made here, so that the target's measure of the round trip is ours. */
    boolean thirdStepMade() {
        return thirdStepMade;
    }

    /** A packet of the client, or one made here, has served as the third step. */
    void thirdStep() {
        thirdStepSent = true;
    }

    /** Makes the third step, if it is due and nothing the client sent may serve as it. */
    void makeThirdStep() {
        if (!thirdStepSent) {
            thirdStepSent = true;
            thirdStepMade = true;
            context.segments.sendAck(session, session.sndNxt());
        }
    }

    /** Whether the SYN was made here, since the client's own was not captured or is used up. */
    boolean isSynMade() {
        return synMade;
    }

    /** The SYN-ACK, which acknowledges the SYN. */
    void synAck(Response response) {
        Packet syn = session.window.first();
        session.established(response.seq() + 1, response.window());
        noteScales(syn, response);
        session.timestamps.synAck(response);
        session.timestamps.note(response);
        session.window.deliver(syn);
        context.count(SessionCounter.CONNECTIONS);
        long elapsedNs = context.nowNs - startedNs;
        if (repeats == 0 && challenges == 0) {
            session.retransmission.measured(elapsedNs);
        } else {
            session.retransmission.answeredWithin(elapsedNs);
        }
        if (synMade) {
            makeThirdStep();
        }
    }

    /**
     * The SYN-ACK again. If there was a third step, the target missed it; else the client has not gone on yet: what it
     * sends serves as third step, or is followed by one that is made.
     */
    void synAckRepeated() {
        if (thirdStepSent) {
            session.acknowledging.atOnce();
        }
    }

    /** Windows are scaled where both sides offer it (RFC 7323, section 2.2). */
    private void noteScales(Packet syn, Response response) {
        int option = TcpOptions.find(
                syn.buffer,
                syn.tcpOffset() + TcpHeader.MIN_LENGTH,
                syn.offset + syn.length,
                TcpOptions.WINDOW_SCALE,
                TcpOptions.WINDOW_SCALE_LENGTH);
        int targetScale = response.windowScale();
        boolean scaled = option != TcpOptions.ABSENT && targetScale != TcpOptions.ABSENT;
        if (scaled) {
            session.scaled(targetScale, TcpOptions.windowScale(syn.buffer, option));
        }
    }

    /** An older connection of the pair on the target has answered the SYN: reset it, and try again. */
    void challenged(Response response) {
        if (response.ack() == session.sndNxt()) {
            acknowledgedWithoutSyn();
            return;
        }
        context.segments.answerWithReset(response, session.transfer);
        if (challenges < MAX_CHALLENGES && synAgainNs == NEVER) {
            challenges++;
            synAgainNs = context.nowNs + session.rttNs();
        }
    }

    /**
     * What acknowledges the SYN and is no SYN-ACK is mostly left over from the connection before, which was reset. An RST
     * with that number would end the new connection with the old one: it waits until the SYN-ACK should have come.
     */
    private void acknowledgedWithoutSyn() {
        if (challenges < MAX_CHALLENGES && synAgainNs == NEVER) {
            challenges++;
            resetBeforeSyn = true;
            synAgainNs = context.nowNs + SYN_ACK_PATIENCE_NS;
        }
    }

    long deadlineNs() {
        if (session.state() != TcpState.SYN_SENT) {
            return NEVER;
        }
        return Math.min(repeatNs, synAgainNs);
    }

    /** The SYN has left: when to repeat it, but not while the answer may be on a slow way, or to give up. */
    private void awaitAnswer() {
        long giveUpNs = startedNs + GIVE_UP_AFTER_NS;
        long slowWayNs = 2 * context.targetRtts.get(context.nowNs);
        repeatNs = repeats < REPEAT_AFTER_NS.length
                ? Math.min(giveUpNs, Math.max(startedNs + REPEAT_AFTER_NS[repeats], context.nowNs + slowWayNs))
                : giveUpNs;
    }

    void due() {
        if (context.nowNs < deadlineNs()) {
            return;
        }
        if (context.nowNs - startedNs >= GIVE_UP_AFTER_NS) {
            context.count(SessionCounter.UNANSWERED);
            session.end(DropReason.NO_ANSWER, true);
            return;
        }
        if (synAgainNs <= context.nowNs) {
            synAgainNs = NEVER;
            if (resetBeforeSyn) {
                resetBeforeSyn = false;
                context.segments.sendReset(session);
            }
        } else {
            repeats++;
            awaitAnswer();
        }
        context.count(SessionCounter.RETRANSMITTED);
        context.segments.send(session, session.window.first());
    }
}
