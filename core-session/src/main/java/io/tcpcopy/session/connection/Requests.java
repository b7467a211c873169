package io.tcpcopy.session.connection;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.base.LastRequest;
import io.tcpcopy.session.base.RequestMark;
import io.tcpcopy.session.ledger.Ledger;
import io.tcpcopy.session.window.Packet;

/**
 * Where the client's requests begin and end, as its acknowledgement numbers tell: payload that acknowledges more than the payload before
 * begins another one.
 */
final class Requests {
    /** The request that the target took last in this session, whichever connection it was; or the last one that was dropped. */
    private final LastRequest taken = new LastRequest();

    private final Ledger ledger;

    private boolean firstAckKnown;
    private int firstAck;
    /** The request whose payload was sent last. */
    private final RequestMark sent = new RequestMark();
    /** The request of a packet that is looked at. */
    private final RequestMark request = new RequestMark();

    private int requestSeq;
    /** Whether the target has said anything to it. */
    private boolean isAnswered;

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
        sent.clear();
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
        sent.clientHasAcknowledged(firstAck);
        taken.clientHasAcknowledged(firstAck);
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
                return !markOf(packet).isGoneOnWith(added.clientAck());
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
        RequestMark mark = markOf(packet);
        if (!sent.isGoneOnWith(mark)) {
            requestSeq = packet.seq();
            isAnswered = false;
        }
        sent.note(mark);
        requestSeq = TcpSeq.remembered(requestSeq, packet.seq());
    }

    private RequestMark markOf(Packet packet) {
        request.clear();
        request.note(packet.acknowledges() ? packet.clientAck() : firstAck, packet.acknowledges() || firstAckKnown);
        return request;
    }

    /** Whether any payload was sent over this connection. */
    boolean payloadWasSent() {
        return sent.isNoted();
    }

    /** Whether payload goes on with the request whose payload was sent last. */
    boolean continuesSent(Packet packet) {
        return sent.isGoneOnWith(packet.clientAck());
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

    /** Payload of the target may answer the request whose payload was sent last. */
    void answered() {
        isAnswered = true;
    }

    /**
     * Whether the target has acknowledged the request whose payload was sent last, or a part of it, and has not said anything to it.
     *
     * @param sndUna the number behind what the target has acknowledged
     */
    boolean isLastUnanswered(int sndUna) {
        return payloadWasSent() && !isAnswered && TcpSeq.greaterThan(sndUna, requestSeq);
    }

    /** The target has taken this payload, or a part of it. */
    void taken(Packet packet) {
        taken.noteTaken(markOf(packet));
    }

    /** What follows is of another connection of the client, whose requests are others. */
    void clientBeginsAnew() {
        taken.clear();
    }

    /** A packet of the window is dropped. */
    void dropped(Packet packet) {
        if (packet.payloadLength() == 0) {
            return;
        }
        if (packet.beginsRequest()) {
            taken.noteDropped(markOf(packet));
        } else if (taken.noteRestDropped(packet.clientAck())) {
            ledger.requestCutOff();
        }
    }

    /** The request that was sent last counts as taken: nobody knows what the target has of it. */
    void sentIsTaken() {
        if (sent.isNoted()) {
            taken.noteTaken(sent);
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
