package io.tcpcopy.session;

import io.tcpcopy.packet.TcpSeq;

/** What is kept of a session that is over while late packets of it may arrive. Used again for other sessions. */
final class EndedSession {
    long clientKey;
    long targetKey;
    int turn;
    int clientAddress;
    int clientPort;
    Transfer transfer;

    /** When the record goes. */
    long expiryNs;
    /** The client's round trip to the online server. */
    long rttNs;

    private int lastNumber;
    private boolean requestKnown;
    private int requestAck;
    private boolean responseIgnored;

    /** The next one in time. */
    EndedSession next;
    /** The one before in time. */
    EndedSession previous;

    void copyFrom(Session session, long newExpiryNs) {
        clientKey = session.clientKey;
        targetKey = session.targetKey;
        turn = session.turn;
        clientAddress = session.clientAddress;
        clientPort = session.clientPort;
        transfer = session.transfer;
        expiryNs = newExpiryNs;
        rttNs = session.rttNs();
        lastNumber = session.lastNumber();
        requestKnown = session.rebuild.isRequestKnown();
        requestAck = session.rebuild.requestAck();
        responseIgnored = false;
    }

    /** How many of the payload's first bytes the session had; none if it is numbered so low that it is of another one. */
    int payloadHad(ClientPacket packet) {
        if (Gap.isJumpBack(packet.seq(), lastNumber)) {
            return 0;
        }
        return Math.max(0, Math.min(packet.payloadLength(), TcpSeq.distance(packet.seq(), lastNumber)));
    }

    /** Whether payload goes on with a request whose beginning the session had. */
    boolean isRestOfRequest(ClientPacket packet) {
        return requestKnown && packet.ack() == requestAck;
    }

    /** Whether a response is the first one since the end: that one may have been on its way. */
    boolean ignoresResponse() {
        boolean first = !responseIgnored;
        responseIgnored = true;
        return first;
    }
}
