package io.tcpcopy.session.connection;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.base.LastRequest;
import io.tcpcopy.session.ledger.Ledger;
import io.tcpcopy.session.window.Packet;

/**
 * Where the client's requests begin and end, as its acknowledgement numbers tell: whoever has seen nothing new of the server
 * since its payload before goes on with the same request; payload that acknowledges something else begins another one.
 */
final class Requests {
    /** Bytes of responses. What a client sends again had seen so much less at most; more is what a long response has. */
    private static final int OLDER_RANGE = 16 << 20;

    /** The request that the target took last in this session, whichever connection it was; or the last one that was dropped. */
    private final LastRequest taken = new LastRequest();

    private final Ledger ledger;

    private boolean firstAckKnown;
    private int firstAck;
    private boolean payloadSent;
    private int lastPayloadAck;
    /** The payload sent last came before the client knew a number of the server: with its SYN. */
    private boolean lastPayloadAckUnknown;

    private int requestSeq;
    private boolean packetSent;
    private int lastSentAck;

    Requests(Ledger ledger) {
        this.ledger = ledger;
    }

    /** A new session. */
    void newSession() {
        taken.clear();
    }

    /** A new target connection: nothing was sent over it. */
    void newConnection() {
        firstAckKnown = false;
        payloadSent = false;
        lastPayloadAckUnknown = false;
        packetSent = false;
    }

    // ------------------------------------------------------------------------------------------- what the client says

    /**
     * Notes what a client packet acknowledges.
     *
     * @return whether it is the first number that the client acknowledges on this connection
     */
    boolean noteAck(ClientPacket packet) {
        if (firstAckKnown) {
            return false;
        }
        firstAckKnown = true;
        firstAck = packet.ack();
        if (lastPayloadAckUnknown) {
            lastPayloadAckUnknown = false;
            lastPayloadAck = firstAck;
        }
        return true;
    }

    /** The first number that the client acknowledged on this connection. */
    int firstAck() {
        return firstAck;
    }

    /** Whether payload that comes behind a packet of the window, or behind nothing (null), begins a request. */
    boolean begins(Packet added, Packet predecessor) {
        for (Packet packet = predecessor; packet != null; packet = packet.previous()) {
            if (packet.payloadLength() > 0) {
                return packet.clientAck() != added.clientAck();
            }
        }
        return !taken.isContinuedBy(added.clientAck());
    }

    // --------------------------------------------------------------------------------------------------- what was sent

    /** A packet of the client has left for the first time. */
    void sent(Packet packet) {
        packetSent = true;
        lastSentAck = packet.clientAck();
        if (packet.payloadLength() > 0) {
            payloadSent(packet);
        }
    }

    private void payloadSent(Packet packet) {
        int ack = packet.acknowledges() ? packet.clientAck() : firstAck;
        if (!payloadSent || !isNoNewer(ack)) {
            requestSeq = packet.seq();
            lastPayloadAck = ack;
        }
        requestSeq = TcpSeq.remembered(requestSeq, packet.seq());
        payloadSent = true;
        lastPayloadAckUnknown = !packet.acknowledges() && !firstAckKnown;
    }

    /** Whether any payload was sent over this connection. */
    boolean payloadWasSent() {
        return payloadSent;
    }

    /**
     * Whether payload goes on with the request whose payload was sent last, or was made before that, as the rest of a packet is
     * whose front came again with a newer acknowledgement.
     */
    boolean continuesSent(Packet packet) {
        return isNoNewer(packet.clientAck());
    }

    private boolean isNoNewer(int ack) {
        return TcpSeq.inWindow(ack, lastPayloadAck - OLDER_RANGE, OLDER_RANGE + 1);
    }

    /** Whether the client had seen nothing new of the server since its packet that was sent last. */
    boolean sawNothingSinceSent(Packet packet) {
        return packetSent && packet.clientAck() == lastSentAck;
    }

    /** The number of the first byte of the request whose payload was sent last; of one beyond 1 GiB, a later byte's. */
    int requestSeq() {
        return requestSeq;
    }

    // --------------------------------------------------------------------------------------- what the target has taken

    /** The target has taken this payload, or a part of it. */
    void taken(Packet packet) {
        taken.taken(packet.clientAck());
    }

    /** A packet of the window is dropped. */
    void dropped(Packet packet) {
        if (packet.payloadLength() == 0) {
            return;
        }
        if (packet.beginsRequest()) {
            taken.dropped(packet.clientAck());
        } else if (taken.restDropped(packet.clientAck())) {
            ledger.requestCutOff();
        }
    }

    /** The request that was sent last counts as taken: nobody knows what the target has of it. */
    void sentIsTaken() {
        if (payloadSent) {
            taken.taken(lastPayloadAck);
        }
    }

    /** Whether payload goes on with a request that was taken in part, or lost in part. */
    boolean continuesTaken(Packet packet) {
        return taken.isContinuedBy(packet.clientAck());
    }

    /** The request that the target took last, or that was dropped. */
    LastRequest lastRequest() {
        return taken;
    }
}
