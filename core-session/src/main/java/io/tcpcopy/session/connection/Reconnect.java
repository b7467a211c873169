package io.tcpcopy.session.connection;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.Response;
import io.tcpcopy.session.base.SequenceJump;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.SendWindow;

/**
 * Where a further connection to the target begins in the middle of the client's, when the target has closed its own or bytes
 * of the client were lost: with the first request that is whole. Half a request helps nobody.
 */
final class Reconnect {
    /** A target that takes nothing three times in a row will not do so the next time. */
    private static final int MAX_IN_A_ROW = 3;
    /** Bytes that a target may have sent before it closed, and that were lost on their way here. */
    private static final int FORMER_RANGE = 1 << 20;

    private final Tcb tcb;
    private final SendWindow window;
    private final Requests requests;
    private final ClientSegments clientSegments;
    private final SessionContext context;

    private int inARow;
    private long dueNs;
    /** The number behind the last one that was sent over the connection before. */
    private int formerSndNxt;
    /** The number that was expected next of the target over the connection before. */
    private int formerRcvNxt;
    /** Whether there was one in this session. */
    private boolean formerKnown;
    /** What was acknowledged over the connection before, as far as responses after its end have told. */
    private int formerAck;

    Reconnect(Tcb tcb, SendWindow window, Requests requests, ClientSegments clientSegments, SessionContext context) {
        this.tcb = tcb;
        this.window = window;
        this.requests = requests;
        this.clientSegments = clientSegments;
        this.context = context;
    }

    /** A new session. */
    void newSession() {
        inARow = 0;
        dueNs = NEVER;
        formerKnown = false;
    }

    /** The target has taken payload. */
    void payloadTaken() {
        inARow = 0;
    }

    /** The target has closed: counts another attempt, and says whether it is worth while. */
    boolean tryAgain() {
        return ++inARow <= MAX_IN_A_ROW;
    }

    /** Drops what was sent before the next unsent packet, whose predecessor is given up: its request is lost in part. */
    void dropSent() {
        Packet next = window.nextUnsent();
        while (window.first() != next) {
            requests.dropped(window.first());
            window.drop(window.first(), tcb.sndUna, DropReason.GAP);
        }
        requests.sentIsTaken();
    }

    /**
     * Drops what stands before the first packet that begins a request of which the target has taken nothing, or another connection of the
     * client.
     *
     * @param seq that would follow if nothing were dropped
     * @return the number to go on with
     */
    int dropCutRequest(int seq, DropReason reason) {
        return dropCutRequest(seq, tcb.sndUna, reason);
    }

    private int dropCutRequest(int seq, int acknowledged, DropReason reason) {
        int resumeSeq = seq;
        Packet packet = window.first();
        while (packet != null) {
            boolean partlyTaken = packet.wasSent() && TcpSeq.greaterThan(tcb.sndUna, packet.seq());
            if (packet.payloadLength() > 0) {
                if (partlyTaken) {
                    requests.taken(packet);
                }
                if (SequenceJump.isJump(TcpSeq.distance(resumeSeq, packet.seq()))) {
                    requests.clientBeginsAnew();
                    clientSegments.passOver(resumeSeq, packet.seq());
                    return packet.seq();
                }
                if (!requests.continuesTaken(packet)) {
                    break;
                }
            }
            if (TcpSeq.greaterThan(packet.seq(), resumeSeq)) {
                clientSegments.passOver(resumeSeq, packet.seq());
            }
            resumeSeq = TcpSeq.max(resumeSeq, packet.end());
            requests.dropped(packet);
            window.drop(packet, acknowledged, reason);
            packet = window.first();
        }
        return resumeSeq;
    }

    /** The connection there was is left behind; the next one is to begin at this time, and go on with this number. */
    void schedule(long connectNs, int resumeSeq) {
        dueNs = connectNs;
        formerSndNxt = tcb.sndNxt;
        formerRcvNxt = tcb.rcvNxt;
        formerKnown = true;
        formerAck = resumeSeq;
        window.markAllUnsent();
    }

    /** When the next connection begins. */
    long deadlineNs() {
        return dueNs;
    }

    /** Whether it is to begin now: then it is due no more. */
    boolean takeDue(long nowNs) {
        if (dueNs > nowNs) {
            return false;
        }
        dueNs = NEVER;
        return true;
    }

    /**
     * A response of the connection before: what it acknowledges is not sent again. Packets overtake each other, and the
     * target's end may have come before the acknowledgement of what it took.
     *
     * @return whether it acknowledges anything that is to be sent again
     */
    boolean acknowledgedLate(Response response) {
        boolean late = dueNs != NEVER
                && response.isAck()
                && TcpSeq.greaterThan(response.ack(), formerAck)
                && TcpSeq.lessThanOrEqual(response.ack(), formerSndNxt);
        if (late) {
            formerAck = response.ack();
        }
        return late;
    }

    /**
     * Whether a target that has closed the connection before says by an RST that what came over it since was for nobody. One that refuses
     * this connection has no number of its own (RFC 9293, section 3.10.7.1: 0).
     */
    boolean isOfConnectionBefore(Response reset) {
        return formerKnown && TcpSeq.inWindow(reset.seq(), formerRcvNxt, FORMER_RANGE);
    }

    /**
     * Takes out what need not be sent again, since it was acknowledged meanwhile, or goes on with a request that was.
     *
     * @param lastWords whether the client's last request needs no answer
     * @return the number to go on with
     */
    int resume(boolean lastWords) {
        deliverAcknowledgedLate(lastWords);
        // The rest of a cut request may have come meanwhile.
        return dropCutRequest(TcpSeq.max(tcb.sndNxt, formerAck), formerAck, DropReason.REQUEST_CUT);
    }

    /**
     * The session ends: what was acknowledged late is delivered all the same, if it was to be sent again.
     *
     * @param lastWords whether the client's last request needs no answer
     * @return the number before which the target has acknowledged everything
     */
    int leave(boolean lastWords) {
        if (dueNs == NEVER) {
            return tcb.sndUna;
        }
        dueNs = NEVER;
        deliverAcknowledgedLate(lastWords);
        return formerAck;
    }

    private void deliverAcknowledgedLate(boolean lastWords) {
        Packet first = window.first();
        int seq = tcb.sndNxt;
        int delivered = 0;
        while (first != null && TcpSeq.lessThanOrEqual(first.end(), formerAck)) {
            int repeated = first.payloadBefore(seq);
            if (repeated > 0) {
                window.trimNextUnsent(repeated);
            }
            if (first.payloadLength() > 0) {
                payloadTaken();
                requests.taken(first);
                delivered += first.beginsRequest() ? 1 : 0;
            }
            seq = TcpSeq.max(seq, first.end());
            window.deliver(first);
            first = window.first();
        }
        if (first != null && TcpSeq.lessThan(first.seq(), formerAck)) {
            requests.taken(first);
        }
        countUnanswered(delivered, lastWords && !window.hasPayload());
    }

    /** No answer is to come over a connection that the target has ended. */
    private void countUnanswered(int delivered, boolean lastWords) {
        int unanswered = lastWords ? delivered - 1 : delivered;
        context.counters.add(SessionCounter.REQUESTS_UNANSWERED, Math.max(0, unanswered));
    }
}
