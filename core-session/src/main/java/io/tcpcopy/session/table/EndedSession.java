package io.tcpcopy.session.table;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.base.SequenceJump;
import io.tcpcopy.session.base.SessionIdentity;
import io.tcpcopy.session.connection.Session;
import io.tcpcopy.session.connection.TakenRequest;

/** What is kept of a session that is over while late packets of it may arrive. Used again for other sessions. */
public final class EndedSession {
    private final SessionIdentity identity;
    private final TakenRequest lastTaken = new TakenRequest();
    private int lastSeq;
    private long clientRttNs;
    private boolean responseIgnored;

    /** When the record goes. */
    long expiryNs;
    /** The next one in time. */
    EndedSession next;
    /** The one before in time. */
    EndedSession previous;

    EndedSession(boolean dnat) {
        identity = new SessionIdentity(dnat);
    }

    void copyFrom(Session session, long newExpiryNs) {
        identity.copyFrom(session.identity());
        lastTaken.copyFrom(session.lastTaken());
        lastSeq = session.lastSeq();
        clientRttNs = session.clientRttNs();
        responseIgnored = false;
        expiryNs = newExpiryNs;
    }

    /** By what the session was known. */
    public SessionIdentity identity() {
        return identity;
    }

    /** The client's round trip to the online server, in nanoseconds. */
    public long clientRttNs() {
        return clientRttNs;
    }

    /** How many of the payload's first bytes the session had; none if it is numbered so low that it is of another one. */
    public int payloadHad(ClientPacket packet) {
        if (SequenceJump.isBack(packet.seq(), lastSeq)) {
            return 0;
        }
        return Math.max(0, Math.min(packet.payloadLength(), TcpSeq.distance(packet.seq(), lastSeq)));
    }

    /** Whether payload goes on with a request whose beginning the session had. */
    public boolean isRestOfRequest(ClientPacket packet) {
        return lastTaken.isContinuedBy(packet.ack());
    }

    /** Whether a response is the first one since the end: that one may have left the target before. Said once. */
    public boolean ignoresResponse() {
        boolean first = !responseIgnored;
        responseIgnored = true;
        return first;
    }
}
