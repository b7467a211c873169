package io.tcpcopy.session.connection;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.base.FormerConnection;
import io.tcpcopy.session.base.RequestMark;
import io.tcpcopy.session.base.SequenceJump;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.pace.ClientRoundTrip;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.SendWindow;
import java.util.concurrent.TimeUnit;

/** What the client sends: its packets enter the window unless they say nothing new; its handshake gives its round trip. */
final class ClientSegments {
    /** Both captures of one packet lie less apart; a client that repeats itself waits longer (RFC 6298). */
    private static final long TWICE_NS = TimeUnit.MILLISECONDS.toNanos(2);

    /**
     * A SYN that comes late was overtaken by no more than the client could send at once, for which an unscaled window is
     * ample. A SYN of another connection is numbered so by a chance of 1 to 65,536 (initial numbers: RFC 6528).
     */
    private static final int LATE_SYN_RANGE = 1 << 16;
    /** Bytes. What the connection before had lies behind as many that were not captured, or it is a straggler. */
    private static final int FAR_AHEAD = 1 << 16;

    private final Tcb tcb;
    private final SendWindow window;
    private final Requests requests;
    private final ClientRoundTrip clientRoundTrip;
    private final SessionContext context;
    private final FormerConnection former = new FormerConnection();
    /** What the client had acknowledged before anything behind {@link #nextSeq}. */
    private final RequestMark acknowledged = new RequestMark();
    /** The request of which something was refused last that the session before never had. */
    private final RequestMark refusedRequest = new RequestMark();

    /** The client's own initial number, whatever that of the connection to the target is. */
    private int clientIss;
    /** The lowest number that the session may have had: the first one, later one not too far back. */
    private int firstSeq;

    /** From the first bytes that were missing, and given up, to behind the last ones; equal where there are none. */
    private int holeSeq;

    private int holeEndSeq;

    /** The number behind the client's FIN, if {@link #finSeen}. */
    private int finEndSeq;

    private boolean finSeen;

    /** The lowest number of payload behind the FIN, of another connection, whose SYN has not come, if {@link #isBehindFinKnown}. */
    private int behindFinSeq;

    private boolean isBehindFinKnown;

    private int synId;
    /** When the client's last SYN was captured; {@link io.tcpcopy.timer.TimerHeap#NEVER} if none was. */
    private long synArrivalNs;

    ClientSegments(
            Tcb tcb, SendWindow window, Requests requests, ClientRoundTrip clientRoundTrip, SessionContext context) {
        this.tcb = tcb;
        this.window = window;
        this.requests = requests;
        this.clientRoundTrip = clientRoundTrip;
        this.context = context;
    }

    /** A new session, of whose client's former connection nothing is known. */
    void newSession() {
        former.clear();
        finSeen = false;
        isBehindFinKnown = false;
        acknowledged.clear();
        refusedRequest.clear();
    }

    /** A new session, which begins with the client's SYN. */
    void begin(ClientPacket syn) {
        clientRoundTrip.awaitMeasurement();
        beginBehind(syn.seq());
        noteSyn(syn);
    }

    /** A new session, which begins mid-stream with this number; {@code formerRttNs}: round trip of the session before, or 0. */
    void beginMidStream(int seq, long formerRttNs) {
        clientRoundTrip.guess(formerRttNs);
        beginBehind(seq - 1);
        synArrivalNs = NEVER;
    }

    private void beginBehind(int iss) {
        clientIss = iss;
        firstSeq = iss + 1;
        holeSeq = firstSeq;
        holeEndSeq = firstSeq;
    }

    private void noteSyn(ClientPacket syn) {
        synId = syn.id();
        synArrivalNs = syn.arrivalNs();
    }

    /**
     * Whether a SYN is the one that the client opened this connection with, or a repetition of it. Where the session began
     * mid-stream it may come late, numbered below what the session began with, or be known from the session before. So may that of payload
     * behind the FIN, which goes on over a connection that begins mid-stream.
     */
    boolean isOwnSyn(ClientPacket syn) {
        if (isBehindFinKnown && TcpSeq.inWindow(behindFinSeq - 1, syn.seq(), LATE_SYN_RANGE)) {
            return true;
        }
        if (synArrivalNs != NEVER) {
            return syn.seq() == clientIss;
        }
        return TcpSeq.inWindow(clientIss, syn.seq(), LATE_SYN_RANGE) || former.isOpenedBy(syn.seq(), firstSeq);
    }

    /** The client has repeated its SYN: its round trip is measured from the last one. */
    void synRepeated(ClientPacket syn) {
        boolean synKnown = synArrivalNs != NEVER;
        boolean twice = synKnown && syn.id() == synId && syn.arrivalNs() - synArrivalNs <= TWICE_NS;
        context.count(twice ? SessionCounter.CLIENT_TWICE : SessionCounter.CLIENT_RETRANSMISSIONS);
        if (synKnown && !twice) {
            noteSyn(syn);
        }
    }

    /**
     * Whether a packet is numbered below the session's SYN, so that it is of a former connection. Where that SYN was made here,
     * in the middle of the client's connection, the end of the packet may lie behind it.
     */
    boolean isOfFormerConnection(ClientPacket packet) {
        return TcpSeq.lessThan(packet.seq(), tcb.lowestSeq - 1)
                && !(tcb.synMade && TcpSeq.greaterThan(packet.end(), tcb.lowestSeq));
    }

    /**
     * Whether a packet is numbered so high that it is of a former connection, although the client has begun another one: what that
     * had, or an ACK, since payload of a later connection would come with it.
     */
    boolean isStragglerAbove(ClientPacket packet) {
        int ahead = TcpSeq.distance(nextSeq(), packet.seq());
        return packet.isPureAck()
                ? SequenceJump.isJump(ahead)
                : ahead > FAR_AHEAD && former.spans(packet.seq(), packet.end());
    }

    /** Such a packet is not taken. */
    void refuseStragglerAbove(ClientPacket packet) {
        refuseBelow(packet, packet.payloadLength());
    }

    /** How far the session before had come. */
    FormerConnection former() {
        return former;
    }

    /** A packet of a former connection, of the target's or the client's: what neither has had is lost. */
    void refuseFormer(ClientPacket packet) {
        if (SequenceJump.isBack(packet.seq(), tcb.lowestSeq)) {
            refuseBelow(packet, packet.payloadLength());
        } else {
            refuseOld(packet);
        }
    }

    /**
     * What a payload has of bytes that the session had is repeated; what it has before them, or where bytes were given up, the session
     * never had.
     */
    private void refuseOld(ClientPacket packet) {
        int below = Math.min(packet.payloadLength(), bytesBefore(firstSeq, packet.seq()));
        int rest = packet.payloadLength() - below;
        refuseBelow(packet, below);
        context.ledger.refused(rest - refuseMissed(packet, below, rest), false, DropReason.DUPLICATE);
    }

    /**
     * Bytes of a payload that the session was missing, and gave up, were lost.
     *
     * @param offset of the first byte in the payload
     * @return how many there are of so many bytes
     */
    private int refuseMissed(ClientPacket packet, int offset, int length) {
        int seq = packet.seq() + offset;
        int missed = Math.min(length, bytesBefore(holeEndSeq, seq)) - Math.min(length, bytesBefore(holeSeq, seq));
        refuseLost(packet, missed);
        return missed;
    }

    private static int bytesBefore(int end, int seq) {
        return Math.max(0, TcpSeq.distance(seq, end));
    }

    /** The first bytes of a payload are numbered below what the session began with. */
    private void refuseBelow(ClientPacket packet, int bytes) {
        int had = former.payloadHad(packet.seq(), bytes);
        context.ledger.refused(had, false, DropReason.DUPLICATE);
        refuseLost(packet, bytes - had);
    }

    private void refuseLost(ClientPacket packet, int lost) {
        if (lost > 0) {
            context.ledger.refused(lost, !refusedRequest.isGoneOnWith(packet.ack()), DropReason.FORMER_CONNECTION);
            refusedRequest.note(packet.ack());
        }
    }

    /**
     * Whether payload can only be of another connection: numbered too low, although not below the SYN, or too high.
     *
     * @param reset whether the client has reset this one
     */
    boolean isOfAnotherConnection(ClientPacket packet, boolean reset) {
        if (packet.payloadLength() == 0 || isOfFormerConnection(packet) || isStragglerAbove(packet)) {
            return false;
        }
        return SequenceJump.isBack(packet.seq(), tcb.sndNxt)
                || reset && SequenceJump.isJump(TcpSeq.distance(nextSeq(), packet.seq()));
    }

    /** Whether payload is numbered so far from the client's end that it is of another connection, before or behind. */
    boolean isFarFromItsEnd(ClientPacket packet) {
        int ahead = TcpSeq.distance(nextSeq(), packet.seq());
        return packet.payloadLength() > 0
                && (SequenceJump.isJump(ahead) || SequenceJump.isBack(packet.seq(), nextSeq()));
    }

    /** The client's round trip: from its last SYN to what answers the server's. */
    void measureRoundTrip(ClientPacket packet) {
        boolean answersSyn = packet.acknowledges() && TcpSeq.lessThanOrEqual(packet.seq(), nextSeq());
        if (!clientRoundTrip.isKnown() && answersSyn && synArrivalNs != NEVER) {
            long elapsedNs = packet.arrivalNs() - synArrivalNs;
            clientRoundTrip.measured(elapsedNs, context.clientTime.replayedIn(elapsedNs), packet.isPureAck());
        }
    }

    /** Notes what a packet acknowledges, before it enters the window. */
    void noteAcknowledged(ClientPacket packet) {
        if (packet.acknowledges() && TcpSeq.lessThanOrEqual(packet.seq(), nextSeq())) {
            acknowledged.note(packet.ack());
        }
    }

    /** Puts a packet into the window, at its place, unless it says nothing new. */
    void enqueue(ClientPacket packet) {
        // Where payload already waits behind the FIN, it goes on with that, over the next connection.
        if (tcb.finSent && TcpSeq.greaterThan(packet.end(), tcb.sndNxt) && !window.hasUnsentPayload()) {
            context.ledger.refused(packet.payloadLength(), false, DropReason.BEHIND_FIN);
            return;
        }
        if (conflicts(packet)) {
            context.count(SessionCounter.CLIENT_CONFLICTS);
        }
        int hadUntil = hadUntil(packet.seq());
        if (saysNothingNew(packet, hadUntil)) {
            refuseRepetition(packet);
            return;
        }
        if (isProbeBehindGap(packet)) {
            context.ledger.refused(packet.payloadLength(), false, DropReason.GAP);
            return;
        }
        Packet copy = context.writer.copy(packet);
        int old = copy.payloadBefore(hadUntil);
        if (old > 0) {
            int below = Math.min(old, copy.payloadBefore(firstSeq));
            refuseBelow(packet, below);
            context.ledger.refused(old - below - refuseMissed(packet, below, old - below), false, DropReason.OLD_PART);
            copy.trim(old);
        }
        Packet predecessor = window.predecessor(copy);
        copy.restOfMissing(TcpSeq.greaterThan(copy.seq(), nextSeq()) && acknowledged.isGoneOnWith(copy.clientAck()));
        boolean beginsRequest = copy.payloadLength() > 0 && requests.begins(copy, predecessor);
        window.insert(copy, predecessor);
        firstSeq = TcpSeq.remembered(firstSeq, copy.end());
        holeSeq = TcpSeq.remembered(holeSeq, copy.end());
        holeEndSeq = TcpSeq.remembered(holeEndSeq, copy.end());
        if (copy.isFin()) {
            finSeen = true;
            finEndSeq = copy.end();
        } else if (finSeen && copy.payloadLength() > 0 && TcpSeq.greaterThanOrEqual(copy.seq(), finEndSeq)) {
            behindFinSeq = isBehindFinKnown ? TcpSeq.min(behindFinSeq, copy.seq()) : copy.seq();
            isBehindFinKnown = true;
        }
        if (beginsRequest) {
            window.beginRequest(copy);
        }
    }

    /**
     * Whether bytes come again with other content, as far as the window holds them: what was captured of one of the two is not
     * what the server took. The byte of a keepalive probe means nothing.
     */
    private boolean conflicts(ClientPacket packet) {
        boolean repeats = packet.payloadLength() > 0 && TcpSeq.lessThan(packet.seq(), nextSeq());
        return repeats
                && !packet.isKeepaliveProbe()
                && window.conflicts(packet.seq(), packet.buffer(), packet.payloadOffset(), packet.payloadLength());
    }

    /**
     * Up to which number everything from a number on was sent, or waits. Where bytes are missing before others that wait, what brings
     * both is taken whole: it begins first, so its bytes are sent.
     */
    private int hadUntil(int seq) {
        int from = TcpSeq.max(seq, tcb.sndNxt);
        return TcpSeq.lessThan(from, nextSeq()) ? window.heldUntil(from) : from;
    }

    private boolean saysNothingNew(ClientPacket packet, int hadUntil) {
        return packet.isPureAck()
                ? TcpSeq.lessThan(packet.seq(), tcb.sndNxt) || window.find(packet.seq(), 0) != null
                : TcpSeq.lessThanOrEqual(packet.end(), hadUntil);
    }

    /**
     * Where the last byte before it is missing, the byte of a keepalive probe is garbage that stands for one the client
     * had sent: it may not be taken for payload.
     */
    private boolean isProbeBehindGap(ClientPacket packet) {
        return packet.isKeepaliveProbe() && TcpSeq.greaterThan(packet.seq(), nextSeq());
    }

    /** Bytes between these numbers have not been captured so far, and the session goes on behind them. */
    void passOver(int seq, int endSeq) {
        holeSeq = holeSeq == holeEndSeq ? seq : holeSeq;
        holeEndSeq = endSeq;
    }

    /** Notes what the session had of the client: up to these numbers, see {@link FormerConnection#ended}. */
    void noteEnd(FormerConnection ended, boolean clientLeft, int inOrderSeq, int lastSeq) {
        boolean midStream = synArrivalNs == NEVER;
        ended.ended(midStream, clientLeft, firstSeq, inOrderSeq, lastSeq);
        ended.missed(holeSeq, holeEndSeq);
        if (midStream) {
            ended.openedAs(former);
        } else {
            ended.openedBy(clientIss, synId);
        }
    }

    /** Whether a number is one of those that the session has of the client, or is missing before others. */
    boolean hasReached(int seq) {
        return TcpSeq.lessThanOrEqual(firstSeq, seq) && TcpSeq.lessThan(seq, nextSeq());
    }

    /** The number behind the last one that the session has of the client. */
    int nextSeq() {
        return window.isEmpty() ? tcb.sndNxt : TcpSeq.max(tcb.sndNxt, window.endSeq());
    }

    /** The number behind the last byte, or FIN, of the client that nothing is missing before. */
    int inOrderEnd() {
        int end = tcb.sndNxt;
        for (Packet packet = window.nextUnsent();
                packet != null && TcpSeq.lessThanOrEqual(packet.seq(), end);
                packet = packet.next()) {
            end = TcpSeq.max(end, packet.end());
        }
        return end;
    }

    /** Whether the client has closed, and said nothing behind its FIN, which may have left the window with a request that was cut. */
    boolean hasFin() {
        return finSeen && TcpSeq.greaterThanOrEqual(finEndSeq, nextSeq());
    }

    private void refuseRepetition(ClientPacket packet) {
        if (packet.isPureAck()) {
            return;
        }
        refuseOld(packet);
        Packet equal = window.find(packet.seq(), packet.payloadLength());
        boolean twice = equal != null && equal.id() == packet.id() && packet.clientNs() - equal.clientNs() <= TWICE_NS;
        context.count(twice ? SessionCounter.CLIENT_TWICE : SessionCounter.CLIENT_RETRANSMISSIONS);
    }
}
