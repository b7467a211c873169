package io.tcpcopy.session;

import static io.tcpcopy.session.SessionContext.NEVER;

import io.tcpcopy.packet.TcpSeq;
import java.util.concurrent.TimeUnit;

/** What the client sends: its packets enter the window unless they say nothing new; its handshake gives its round trip. */
final class Queueing {
    private static final long TWICE_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Session session;
    private final SessionContext context;

    private int clientIss;
    private boolean handshakeSeen;
    private boolean rttKnown;
    private int synId;
    private long synArrivalNs;

    Queueing(Session session, SessionContext context) {
        this.session = session;
        this.context = context;
    }

    /** A new session. */
    void open() {
        long fixedRttNs = context.settings.fixedRttNs();
        session.roundTrip(fixedRttNs);
        rttKnown = fixedRttNs != 0;
        synArrivalNs = NEVER;
    }

    /** The session begins with the client's SYN. */
    void handshakeBegins(ClientPacket syn) {
        handshakeSeen = true;
        clientIss = syn.seq();
        synId = syn.id();
        synArrivalNs = syn.arrivalNs();
    }

    /** The session begins with payload; {@code knownRttNs}: round trip of the session before, or 0. */
    void midStreamBegins(ClientPacket payload, long knownRttNs) {
        handshakeSeen = false;
        clientIss = payload.seq() - 1;
        if (!rttKnown && knownRttNs != 0) {
            session.roundTrip(knownRttNs);
        }
        rttKnown = true;
    }

    /** Whether the client's handshake was captured, so that its round trip is known. */
    boolean isHandshakeSeen() {
        return handshakeSeen;
    }

    /** Whether a SYN is a repetition of the one that the client opened this connection with. */
    boolean isOwnSyn(ClientPacket syn) {
        return syn.seq() == clientIss;
    }

    /** The client has repeated its SYN: its round trip is measured from the last one. */
    void synRepeated(ClientPacket syn) {
        boolean knowsSyn = synArrivalNs != NEVER;
        boolean twice = knowsSyn && syn.id() == synId && syn.arrivalNs() - synArrivalNs <= TWICE_NS;
        context.count(twice ? SessionCounter.CLIENT_TWICE : SessionCounter.CLIENT_RETRANSMISSIONS);
        if (knowsSyn && !twice) {
            synId = syn.id();
            synArrivalNs = syn.arrivalNs();
        }
    }

    /** Takes a packet that is no SYN. */
    void accept(ClientPacket packet) {
        measureRtt(packet);
        if (packet.isRst()) {
            session.closing.clientReset(packet);
            return;
        }
        session.pacing.clientAcknowledged(packet);
        if (!packet.isPureAck() || !session.handshake.thirdStepSent()) {
            enqueue(packet);
        }
    }

    /** The client's round trip: from its last SYN to its next packet. The payload of a SYN is none: it acknowledges nothing. */
    private void measureRtt(ClientPacket packet) {
        if (!rttKnown && packet.acknowledges() && synArrivalNs != NEVER) {
            session.roundTrip(context.clients.replayedIn(packet.arrivalNs() - synArrivalNs));
            rttKnown = true;
        }
    }

    /** Puts a packet into the window, at its place. */
    void enqueue(ClientPacket packet) {
        if (session.closing.finSent() && TcpSeq.greaterThan(packet.end(), session.sndNxt())) {
            context.ledger.refused(packet.payloadLength(), false, DropReason.BEHIND_FIN);
            return;
        }
        Packet equal = session.window.findEqual(packet);
        if (equal != null || isOld(packet)) {
            refuseRepetition(packet, equal);
            return;
        }
        if (isProbeBehindHole(packet)) {
            context.ledger.refused(packet.payloadLength(), false, DropReason.GAP);
            return;
        }
        Packet copy = context.segments.copy(session, packet);
        int sentBefore = copy.payloadBefore(session.sndNxt());
        if (sentBefore > 0) {
            context.ledger.refused(sentBefore, false, DropReason.OLD_PART);
            context.segments.trim(session, copy, sentBefore);
        }
        Packet predecessor = session.window.predecessor(copy);
        boolean beginsRequest = copy.payloadLength > 0 && !continuesRequest(predecessor, copy);
        session.window.insert(copy, predecessor);
        if (beginsRequest) {
            session.window.beginRequest(copy);
        }
    }

    private boolean isOld(ClientPacket packet) {
        return packet.isPureAck()
                ? TcpSeq.lessThan(packet.seq(), session.sndNxt())
                : TcpSeq.lessThanOrEqual(packet.end(), session.sndNxt());
    }

    /**
     * Where the last byte before it is missing, the byte of a keepalive probe is garbage that stands for one the client
     * had sent: it may not be taken for payload.
     */
    private boolean isProbeBehindHole(ClientPacket packet) {
        return packet.isKeepaliveProbe() && TcpSeq.greaterThan(packet.seq(), session.nextFromClient());
    }

    private void refuseRepetition(ClientPacket packet, Packet equal) {
        if (packet.isPureAck()) {
            return;
        }
        context.ledger.refused(packet.payloadLength(), false, DropReason.DUPLICATE);
        boolean twice =
                equal != null && equal.id == packet.id() && context.clients.nowNs() - equal.enteredNs <= TWICE_NS;
        context.count(twice ? SessionCounter.CLIENT_TWICE : SessionCounter.CLIENT_RETRANSMISSIONS);
    }

    /** Whether the client had seen nothing new of the server since the payload before. */
    private boolean continuesRequest(Packet predecessor, Packet added) {
        for (Packet packet = predecessor; packet != null; packet = packet.previous) {
            if (packet.payloadLength > 0) {
                return packet.clientAck == added.clientAck;
            }
        }
        return session.rebuild.isOfCutRequest(added.clientAck);
    }
}
