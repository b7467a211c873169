package io.tcpcopy.session;

import static io.tcpcopy.session.SessionContext.NEVER;

import io.tcpcopy.packet.TcpSeq;

/** Sends the packets of the window for the first time: strictly in order, each when nothing holds it back. */
final class Sending {
    private final Session session;
    private final SessionContext context;

    private boolean requestSent;
    private boolean clientPacketSent;
    private int lastClientAck;
    private boolean heldByWindow;

    Sending(Session session, SessionContext context) {
        this.session = session;
        this.context = context;
    }

    /** A new session. */
    void open() {
        requestSent = false;
    }

    /** A new target connection. */
    void begin() {
        clientPacketSent = false;
        heldByWindow = false;
    }

    /** Whether payload was ever sent in this session. */
    boolean requestSent() {
        return requestSent;
    }

    /** Whether the client had seen nothing new of the server since the client packet sent last. */
    boolean sawNothingSince(Packet packet) {
        return clientPacketSent && packet.clientAck == lastClientAck;
    }

    /** Sends what may be sent now. */
    void advance() {
        while (sendNext()) {
            // Each turn sends or drops the next packet.
        }
    }

    /** Deals with the next unsent packet; false when there is none, or it has to wait. */
    private boolean sendNext() {
        heldByWindow = false;
        Packet next = session.window.nextUnsent();
        if (next == null) {
            session.gap.closed();
            return false;
        }
        if (isStale(next)) {
            session.window.drop(next, session.sndUna(), DropReason.DUPLICATE);
            return true;
        }
        int sentBefore = next.payloadBefore(session.sndNxt());
        if (sentBefore > 0) {
            session.window.trimNextUnsent(session, sentBefore);
            return true;
        }
        if (next.seq != session.sndNxt()) {
            waitForMissing(next);
            return false;
        }
        session.gap.closed();
        Packet sendable = sendable(next);
        if (sendable == null) {
            // The client has gone on: the target need not wait for its acknowledgement.
            session.handshake.makeThirdStep();
            return false;
        }
        transmit(sendable);
        return true;
    }

    private boolean isStale(Packet packet) {
        return packet.isPureAck()
                ? session.handshake.thirdStepSent() || TcpSeq.lessThan(packet.seq, session.sndNxt())
                : TcpSeq.lessThanOrEqual(packet.end(), session.sndNxt());
    }

    private void waitForMissing(Packet next) {
        session.handshake.makeThirdStep();
        if (session.gap.isGivenUp(next)) {
            context.count(SessionCounter.OBSOLETE);
            session.rebuild.beginBehindGap();
        }
    }

    /** The packet to send now: the next one, a part of it, or null if it has to wait. */
    private Packet sendable(Packet next) {
        if (next.isPureAck()) {
            return next;
        }
        boolean bareFin = next.payloadLength == 0;
        if (bareFin ? !session.closing.maySendFin(next) : !session.pacing.maySend(next)) {
            return null;
        }
        int room = session.sndWnd() - session.inFlight();
        int payload = Math.min(next.payloadLength, context.segments.most(next));
        // A FIN takes no room, but needs an open window.
        if (room >= Math.max(1, payload)) {
            return session.window.front(session, next, payload);
        }
        if (session.inFlight() > 0) {
            return null;
        }
        if (room <= 0) {
            heldByWindow = true;
            session.retransmission.heldByWindow();
            return null;
        }
        return session.window.front(session, next, room);
    }

    private void transmit(Packet packet) {
        session.handshake.thirdStep();
        session.renewRoute();
        context.segments.send(session, packet);
        session.window.markSent();
        clientPacketSent = true;
        lastClientAck = packet.clientAck;
        if (packet.isPureAck()) {
            session.window.deliver(packet);
            return;
        }
        session.sent(packet);
        session.retransmission.sent(packet);
        if (packet.payloadLength > 0) {
            context.count(SessionCounter.SENT_WITH_PAYLOAD);
            requestSent = true;
            session.pacing.payloadSent(packet);
        }
        if (packet.isFin()) {
            session.closing.finLeft();
        }
    }

    /** When a packet that waits for the target's answers may go. */
    long deadlineNs() {
        return session.window.nextUnsent() == null || heldByWindow ? NEVER : session.pacing.deadlineNs();
    }
}
