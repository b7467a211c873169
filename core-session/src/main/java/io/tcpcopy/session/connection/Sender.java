package io.tcpcopy.session.connection;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.Response;
import io.tcpcopy.session.base.Deadline;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.SendWindow;

/**
 * Sends the packets of the window for the first time, strictly in order, each when nothing holds it back; and takes those out
 * that the target acknowledges.
 */
final class Sender {
    /** Why {@link #advance} sends no more. */
    enum Stop {
        /** All of the window has left. */
        NOTHING_LEFT,
        /** The next packet has to wait. */
        HELD_BACK,
        /** What injects has no room for payload. */
        NO_ROOM,
        /** Bytes are missing before the next packet. */
        MISSING,
        /** Bytes are missing before the next packet, and given up. */
        MISSING_GIVEN_UP
    }

    private static final int HAS_TO_WAIT = -1;

    private final Tcb tcb;
    private final SendWindow window;
    private final Requests requests;
    private final Retransmission retransmission;
    private final Gap gap;
    private final RequestPacing pacing;
    private final Closing closing;
    private final Output output;
    private final SessionContext context;

    private boolean payloadSent;
    private boolean heldByWindow;

    Sender(
            Tcb tcb,
            SendWindow window,
            Requests requests,
            Retransmission retransmission,
            Gap gap,
            RequestPacing pacing,
            Closing closing,
            Output output,
            SessionContext context) {
        this.tcb = tcb;
        this.window = window;
        this.requests = requests;
        this.retransmission = retransmission;
        this.gap = gap;
        this.pacing = pacing;
        this.closing = closing;
        this.output = output;
        this.context = context;
    }

    /** A new session. */
    void newSession() {
        payloadSent = false;
    }

    /** A new target connection. */
    void newConnection() {
        heldByWindow = false;
    }

    /** Whether payload was ever sent in this session. */
    boolean payloadWasSent() {
        return payloadSent;
    }

    // --------------------------------------------------------------------------------------------------------- sending

    /** Sends what may be sent now; says why no more. */
    Stop advance(long nowNs) {
        heldByWindow = false;
        for (Packet next = window.nextUnsent(); next != null; next = window.nextUnsent()) {
            if (isStale(next)) {
                window.drop(next, tcb.sndUna, DropReason.DUPLICATE);
                continue;
            }
            int sentBefore = next.payloadBefore(tcb.sndNxt);
            if (sentBefore > 0 && !next.wasSent()) {
                window.trimNextUnsent(sentBefore);
                continue;
            }
            if (TcpSeq.greaterThan(next.seq(), tcb.sndNxt)) {
                return gap.isGivenUp(next, nowNs) ? Stop.MISSING_GIVEN_UP : Stop.MISSING;
            }
            gap.close();
            if (next.isPureAck()) {
                if (leavesWithoutWaiting(next.next(), nowNs)) {
                    passAck(next);
                } else {
                    transmitAck(next, nowNs);
                }
                continue;
            }
            if (!output.hasRoom()) {
                return Stop.NO_ROOM;
            }
            if (!maySend(next, nowNs)) {
                return Stop.HELD_BACK;
            }
            int left = next.payloadLength() - sentBefore;
            int payload = fitting(next, left, nowNs);
            if (payload < 0) {
                return Stop.HELD_BACK;
            }
            transmit(next, payload, payload == left, nowNs);
        }
        gap.close();
        return Stop.NOTHING_LEFT;
    }

    private boolean isStale(Packet packet) {
        return packet.isPureAck()
                ? tcb.handshakeAckSent || TcpSeq.lessThan(packet.seq(), tcb.sndNxt)
                : TcpSeq.lessThanOrEqual(packet.end(), tcb.sndNxt);
    }

    private boolean maySend(Packet next, long nowNs) {
        boolean bareFin = next.payloadLength() == 0;
        return bareFin ? closing.maySendFin(next, nowNs) : pacing.maySend(next, nowNs);
    }

    /**
     * How many bytes of payload may be sent now: as many whole segments as the target's window takes, or what it takes where that
     * is less than one and nothing is in flight.
     *
     * @param left how many bytes of the packet have not been sent; none of a bare FIN
     * @return negative if it has to wait
     */
    private int fitting(Packet next, int left, long nowNs) {
        int room = tcb.sndWnd - tcb.inFlight();
        // A FIN takes no room, but needs an open window.
        if (room >= Math.max(1, left)) {
            return left;
        }
        int segmentSize = output.segmentSize(next);
        if (room >= segmentSize) {
            return room / segmentSize * segmentSize;
        }
        if (tcb.inFlight() > 0) {
            return HAS_TO_WAIT;
        }
        if (room <= 0) {
            heldByWindow = true;
            retransmission.windowClosed(nowNs);
            return HAS_TO_WAIT;
        }
        return room;
    }

    /** Whether payload that stands behind an ACK leaves at once, and takes the acknowledgement along. */
    private boolean leavesWithoutWaiting(Packet payload, long nowNs) {
        return payload != null
                && payload.payloadLength() > 0
                && payload.seq() == tcb.sndNxt
                && output.hasRoom()
                && pacing.maySend(payload, nowNs)
                && fitting(payload, payload.payloadLength(), nowNs) > 0;
    }

    private void transmitAck(Packet ack, long nowNs) {
        output.sendNew(ack, ack.seq(), 0, nowNs);
        passAck(ack);
    }

    private void passAck(Packet ack) {
        window.markSent();
        requests.sent(ack);
        window.deliver(ack);
    }

    /** Sends the next bytes of the next unsent packet, which may be all that are left of it, and its FIN. */
    private void transmit(Packet packet, int payloadLength, boolean toEnd, long nowNs) {
        output.sendNew(packet, tcb.sndNxt, payloadLength, nowNs);
        tcb.sndNxt = toEnd ? packet.end() : tcb.sndNxt + payloadLength;
        boolean isFirstPart = !packet.wasSent();
        if (toEnd) {
            window.markSent();
        } else {
            window.markPartSent();
        }
        requests.sent(packet);
        retransmission.sent(tcb.sndNxt, nowNs);
        if (payloadLength > 0) {
            context.count(SessionCounter.SENT_WITH_PAYLOAD);
            payloadSent = true;
            pacing.payloadSent(packet, isFirstPart, nowNs);
        }
        if (toEnd && packet.isFin()) {
            tcb.finSent = true;
            closing.finSent();
            context.count(SessionCounter.SENT_FINS);
        }
    }

    /** When a packet that waits for the target's answers may go, or missing bytes are given up. */
    long deadlineNs(long nowNs) {
        boolean waits = window.nextUnsent() != null && !heldByWindow;
        long answerNs = Deadline.ifToCome(waits ? pacing.deadlineNs() : NEVER, nowNs);
        return Math.min(answerNs, Deadline.ifToCome(gap.deadlineNs(nowNs), nowNs));
    }

    // ------------------------------------------------------------------------------------------------ acknowledgements

    /** The SYN-ACK has come: it acknowledges the SYN, and its window is not scaled. */
    void synAck(Response response) {
        moveUna(tcb.sndNxt);
        tcb.sndWnd = response.window();
    }

    /**
     * What a response that fits acknowledges, and the window it offers (RFC 9293, section 3.10.7.4, fifth).
     *
     * @return whether the target has taken payload
     */
    boolean acknowledged(Response response, long nowNs) {
        int ack = response.ack();
        if (TcpSeq.lessThan(ack, tcb.sndUna)) {
            return false;
        }
        boolean taken = false;
        int offered = response.window() << tcb.sndWindShift;
        if (ack != tcb.sndUna) {
            tcb.sndWnd = offered;
            taken = deliverBefore(ack);
            retransmission.progress(nowNs);
        } else if (isDuplicate(response, offered)) {
            retransmission.duplicateAck();
        } else {
            tcb.sndWnd = offered;
        }
        if (tcb.sndWnd > 0) {
            retransmission.windowOpen();
        }
        return taken;
    }

    private boolean isDuplicate(Response response, int offered) {
        return response.isPureAck() && offered == tcb.sndWnd && response.seq() == tcb.rcvNxt && tcb.inFlight() > 0;
    }

    /**
     * What an RST acknowledges, where that is possible: it is not sent again over another connection.
     *
     * @return whether the target has taken payload
     */
    boolean acknowledgedByReset(Response reset) {
        boolean possible = reset.isAck() && TcpSeq.inWindow(reset.ack(), tcb.sndUna, tcb.inFlight() + 1);
        return possible && deliverBefore(reset.ack());
    }

    private boolean deliverBefore(int ack) {
        moveUna(ack);
        boolean taken = false;
        Packet first = window.first();
        while (first != null && first.wasSent() && TcpSeq.lessThanOrEqual(first.end(), tcb.sndUna)) {
            if (first.payloadLength() > 0) {
                taken = true;
                requests.taken(first);
                countLong(first);
            }
            window.deliver(first);
            first = window.first();
        }
        return taken;
    }

    private void countLong(Packet taken) {
        if (Math.min(taken.payloadLength(), output.segmentSize(taken)) > SessionCounter.LONG_SEGMENT) {
            context.count(SessionCounter.LONG_TAKEN);
        }
    }

    private void moveUna(int ack) {
        tcb.sndUna = ack;
        tcb.lowestSeq = TcpSeq.remembered(tcb.lowestSeq, ack);
    }
}
