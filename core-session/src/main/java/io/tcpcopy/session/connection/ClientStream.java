package io.tcpcopy.session.connection;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.ClientPacket;

/** Where the client of a session is with its connection, by its numbers: what tells whether a packet is of this connection or another one. */
public final class ClientStream {
    private final Tcb tcb;
    private final ClientSegments segments;
    private final ClientReset reset;

    ClientStream(Tcb tcb, ClientSegments segments, ClientReset reset) {
        this.tcb = tcb;
        this.segments = segments;
        this.reset = reset;
    }

    /** Whether the client opened this connection with this SYN. */
    public boolean isOpenedBy(ClientPacket syn) {
        return segments.isOwnSyn(syn);
    }

    /** Whether a packet is numbered no more than {@code range} behind the session's SYN. */
    public boolean isBehindSyn(ClientPacket packet, int range) {
        return TcpSeq.inWindow(packet.seq(), tcb.iss, range);
    }

    /** Whether a packet is numbered no more than {@code range} before or behind where the session's client is. */
    public boolean isNear(ClientPacket packet, int range) {
        return TcpSeq.inWindow(packet.seq(), segments.inOrderEnd() - range, 2 * range);
    }

    /** Whether a packet is numbered no further than what the session has of its client. */
    public boolean hasReached(ClientPacket packet) {
        return segments.hasReached(packet.seq());
    }

    /** Whether a packet is the first one behind the session's SYN. */
    public boolean isFirst(ClientPacket packet) {
        return packet.seq() == tcb.iss + 1;
    }

    /** Whether a packet goes on exactly where the session's client is. */
    public boolean isNext(ClientPacket packet) {
        return packet.seq() == segments.inOrderEnd();
    }

    /** Whether payload is numbered so that it can only be of another connection: too low, or behind a client's RST too high. */
    public boolean isOfAnotherConnection(ClientPacket packet) {
        return segments.isOfAnotherConnection(packet, reset.hasCome());
    }
}
