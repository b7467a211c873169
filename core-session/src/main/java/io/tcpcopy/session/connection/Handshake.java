package io.tcpcopy.session.connection;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.packet.TcpOptions;
import io.tcpcopy.session.arrival.Response;
import io.tcpcopy.session.base.Deadline;
import io.tcpcopy.session.base.KnownTarget;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.emit.Timestamps;
import io.tcpcopy.session.pace.ClientRoundTrip;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.SendWindow;
import java.util.concurrent.TimeUnit;

/** The three steps that open a connection to the target: SYN, SYN-ACK, and the ACK of that. */
final class Handshake {
    /**
     * When the SYN is repeated, counted from the first one. Linux begins with a second and doubles (RFC 6298); here it begins
     * with 0.2 s, since the client is connected already and goes on: its copy must not fall behind by a lost packet.
     */
    private static final long[] REPEAT_AFTER_NS = {
        TimeUnit.MILLISECONDS.toNanos(200),
        TimeUnit.MILLISECONDS.toNanos(600),
        TimeUnit.MILLISECONDS.toNanos(1400),
        TimeUnit.SECONDS.toNanos(3)
    };

    /** Behind this before its last time, a SYN has been repeated of late. */
    private static final long LAST_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    /** As long again as until the last repetition; longer, what the client sends meanwhile would only fill memory. */
    private static final long GIVE_UP_AFTER_NS = TimeUnit.SECONDS.toNanos(6);
    /**
     * How often a session goes on from another port, since the target does not give up an older connection: the next port is
     * one that the target has not seen for long, so once is enough, unless others use it as well.
     */
    private static final int MAX_PAIRS_REFUSED = 3;

    /** Bytes that every host takes, where it does not say otherwise (RFC 9293, section 3.7.1). */
    private static final int DEFAULT_MSS = 536;

    /** Bytes. No link is so small, and each request would become a flood of packets (Linux: tcp_min_snd_mss in tcp(7)). */
    private static final int MIN_MSS = 128;

    /** Longer than a SYN-ACK takes, shorter than the first repetition of the SYN. */
    private static final long SYN_ACK_PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Tcb tcb;
    private final SendWindow window;
    private final Timestamps timestamps;
    private final ClientRoundTrip clientRoundTrip;
    private final Retransmission retransmission;
    private final Output output;
    private final SessionContext context;

    private KnownTarget target;
    private long synSentNs;

    /** What the SYN offers, and the other SYN-ACK, as shifts of windows. */
    private int offeredShift;

    private int otherShift;
    private long repeatNs;
    private int repeats;
    private boolean challenged;
    private int challengeSeq;
    private int challengeAck;
    private boolean pairRefused;
    private int pairsRefused;
    private long synAgainNs;
    private boolean resetBeforeSyn;

    Handshake(
            Tcb tcb,
            SendWindow window,
            Timestamps timestamps,
            ClientRoundTrip clientRoundTrip,
            Retransmission retransmission,
            Output output,
            SessionContext context) {
        this.tcb = tcb;
        this.window = window;
        this.timestamps = timestamps;
        this.clientRoundTrip = clientRoundTrip;
        this.retransmission = retransmission;
        this.output = output;
        this.context = context;
    }

    /** A new session with this target: no pair was refused. */
    void newSession(KnownTarget newTarget) {
        target = newTarget;
        pairsRefused = 0;
    }

    /** The next connection comes from another port. */
    void connectAnew() {
        pairsRefused++;
        newConnection();
    }

    /** A new target connection. */
    void newConnection() {
        repeats = 0;
        challenged = false;
        pairRefused = false;
        synAgainNs = NEVER;
        resetBeforeSyn = false;
    }

    /** Sends the SYN, which is the first packet of the window. */
    void connect(long nowNs) {
        synSentNs = nowNs;
        awaitAnswer(nowNs);
        tcb.state = TcpState.SYN_SENT;
        output.sendSyn(window.first());
        window.markSent();
        context.count(SessionCounter.SENT_SYNS);
    }

    /**
     * The SYN has left: when to repeat it, or to give up. It is not repeated while the answer may be on a slow path, but in the end in
     * any case: where a target is overloaded the path may be very slow for some, and others wait in vain.
     */
    private void awaitAnswer(long nowNs) {
        long lastNs = synSentNs + REPEAT_AFTER_NS[REPEAT_AFTER_NS.length - 1];
        if (nowNs >= lastNs - LAST_INTERVAL_NS) {
            repeatNs = synSentNs + GIVE_UP_AFTER_NS;
        } else {
            long slowPathNs = 2 * target.roundTrips().get(nowNs);
            repeatNs = Math.max(nextStepNs(nowNs), Math.min(nowNs + slowPathNs, lastNs));
        }
    }

    /** When the SYN is to be repeated next. What is past by now, or hardly to come, after a stop or a slow path, is left out. */
    private long nextStepNs(long nowNs) {
        int step = 0;
        while (synSentNs + REPEAT_AFTER_NS[step] < nowNs + REPEAT_AFTER_NS[0]) {
            step++;
        }
        return synSentNs + REPEAT_AFTER_NS[step];
    }

    /** The SYN-ACK has come: the connection is established. */
    void synAck(Response response, long nowNs) {
        Packet syn = window.first();
        tcb.state = TcpState.ESTABLISHED;
        tcb.sndMss = mss(response);
        noteScales(syn, response);
        noteTimestamps(response);
        window.deliver(syn);
        context.count(SessionCounter.CONNECTIONS);
        long elapsedNs = nowNs - synSentNs;
        if (repeats == 0) {
            context.handshakes.answered(target, elapsedNs);
        } else {
            context.handshakes.answeredRepetition(target);
        }
        if (repeats == 0 && !challenged) {
            retransmission.measured(elapsedNs, nowNs);
        } else {
            retransmission.answeredWithin(elapsedNs);
        }
        if (tcb.synMade) {
            makeAck();
        }
    }

    private static int mss(Response synAck) {
        int mss = synAck.mss();
        return mss == TcpOptions.ABSENT ? DEFAULT_MSS : Math.max(MIN_MSS, mss);
    }

    /** The target has answered the SYN for another connection as well: no segment is longer than either takes. */
    void otherSynAck(Response response) {
        tcb.sndMss = Math.min(tcb.sndMss, mss(response));
        otherShift = response.windowScale();
    }

    /** That connection is the one that the target has. */
    void turnedToOther() {
        agreeOnScales(otherShift);
    }

    /** Windows are scaled where both sides offer it (RFC 7323, section 2.2). */
    private void noteScales(Packet syn, Response response) {
        int option = TcpOptions.find(
                syn.buffer(),
                syn.optionsOffset(),
                syn.optionsOffset() + syn.optionsLength(),
                TcpOptions.WINDOW_SCALE,
                TcpOptions.WINDOW_SCALE_LENGTH);
        offeredShift = option == TcpOptions.ABSENT ? TcpOptions.ABSENT : TcpOptions.windowScale(syn.buffer(), option);
        agreeOnScales(response.windowScale());
    }

    private void agreeOnScales(int targetShift) {
        boolean agreed = offeredShift != TcpOptions.ABSENT && targetShift != TcpOptions.ABSENT;
        tcb.sndWindShift = agreed ? targetShift : 0;
        tcb.rcvWindShift = agreed ? offeredShift : 0;
    }

    private void noteTimestamps(Response response) {
        boolean hasThem = response.hasTimestamp();
        timestamps.synAck(hasThem);
        if (hasThem) {
            timestamps.note(response.timestamp());
        }
    }

    /** Makes the ACK of the SYN-ACK, unless one has left: nothing that the client sent may serve as it. */
    void makeAck() {
        if (!tcb.handshakeAckSent) {
            tcb.handshakeAckMade = true;
            output.ack();
        }
    }

    /** The SYN-ACK again. If it was acknowledged, the target missed that; else the client has not gone on yet. */
    void synAckRepeated() {
        if (tcb.handshakeAckSent) {
            output.ack();
        }
    }

    /**
     * An older connection of the same addresses and ports has answered the SYN: reset it, and try again. A target that answers
     * with the same numbers once more does not listen to resets (RFC 1337, tcp_rfc1337 in tcp(7)): its pair is left alone.
     * Other numbers are of another packet of the older connection, which need not have answered anything.
     */
    void challenged(Response response, long nowNs) {
        if (synAgainNs != NEVER) {
            return;
        }
        if (challenged && response.seq() == challengeSeq && response.ack() == challengeAck) {
            pairRefused = pairsRefused < MAX_PAIRS_REFUSED;
            return;
        }
        challenged = true;
        challengeSeq = response.seq();
        challengeAck = response.ack();
        if (response.ack() == tcb.sndNxt) {
            // Mostly left over from the connection before, which was reset. An RST with that number would end the new
            // connection with the old one: it waits until the SYN-ACK should have come.
            resetBeforeSyn = true;
            synAgainNs = nowNs + SYN_ACK_PATIENCE_NS;
        } else {
            output.resetAnswering(response);
            synAgainNs = nowNs + clientRoundTrip.ns();
        }
    }

    /** Whether the target does not give up an older connection of the same addresses and ports. */
    boolean isPairRefused() {
        return pairRefused;
    }

    /** For so long nothing could leave: answers come later. */
    void postpone(long durationNs) {
        synSentNs += durationNs;
        repeatNs += durationNs;
        synAgainNs = Deadline.later(synAgainNs, durationNs);
    }

    /** When the SYN is to be repeated or given up. */
    long deadlineNs() {
        return tcb.state == TcpState.SYN_SENT ? Math.min(repeatNs, synAgainNs) : NEVER;
    }

    /**
     * Repeats the SYN if that is due.
     *
     * @return whether it is to be given up instead
     */
    boolean dispatch(long nowNs) {
        if (nowNs < deadlineNs()) {
            return false;
        }
        if (nowNs - synSentNs >= GIVE_UP_AFTER_NS) {
            return true;
        }
        if (synAgainNs <= nowNs) {
            synAgainNs = NEVER;
            if (resetBeforeSyn) {
                resetBeforeSyn = false;
                output.reset();
            }
        } else {
            if (repeats == 0) {
                context.handshakes.unanswered(target);
            }
            repeats++;
            awaitAnswer(nowNs);
        }
        context.count(SessionCounter.RETRANSMITTED);
        output.renewRoute(nowNs);
        output.sendSyn(window.first());
        return false;
    }
}
