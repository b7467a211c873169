package io.tcpcopy.session.table;

import io.tcpcopy.packet.ChecksumTrust;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.base.FormerConnection;
import io.tcpcopy.session.base.LastRequest;
import io.tcpcopy.session.base.SessionIdentity;
import io.tcpcopy.session.connection.Session;

/** What is kept of a session that is over while late packets of it may arrive. Used again for other sessions. */
public final class EndedSession {
    private final SessionIdentity identity;
    private final LastRequest lastRequest = new LastRequest();
    private final FormerConnection connection = new FormerConnection();
    private final ChecksumTrust checksums = new ChecksumTrust();
    private long clientRttNs;
    private boolean responseIgnored;

    /** When the session ended. */
    long endedNs;
    /** When the record goes. */
    long expiryNs;
    /** The next one in time. */
    EndedSession next;
    /** The one before in time. */
    EndedSession previous;

    EndedSession(boolean dnat) {
        identity = new SessionIdentity(dnat);
    }

    void copyFrom(Session session, long nowNs) {
        identity.copyFrom(session.identity());
        lastRequest.copyFrom(session.lastRequest());
        session.noteEnd(connection);
        checksums.copyFrom(session.checksums());
        clientRttNs = session.clientRttNs();
        responseIgnored = false;
        endedNs = nowNs;
    }

    /** By what the session was known. */
    public SessionIdentity identity() {
        return identity;
    }

    /** The client's round trip to the online server, in nanoseconds. */
    public long clientRttNs() {
        return clientRttNs;
    }

    /** What is known of the client's checksums. */
    public ChecksumTrust checksums() {
        return checksums;
    }

    /** How far the session had come. */
    public FormerConnection connection() {
        return connection;
    }

    /** Whether payload goes on with a request whose beginning the session had. */
    public boolean isRestOfRequest(ClientPacket packet) {
        return lastRequest.isContinuedBy(packet.ack());
    }

    /** Payload is dropped; returns whether that cuts off the request that the session had last, of which nothing was lost before. */
    public boolean noteRestDropped(ClientPacket packet) {
        return lastRequest.noteRestDropped(packet.ack());
    }

    /** Whether a response is the first one since the end: that one may have left the target before. Said once. */
    public boolean ignoresResponse() {
        boolean first = !responseIgnored;
        responseIgnored = true;
        return first;
    }
}
