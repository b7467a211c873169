package io.tcpcopy.session;

import static io.tcpcopy.session.SessionContext.MIN_RTT_NS;
import static io.tcpcopy.session.SessionContext.NEVER;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.timer.Timer;
import java.util.concurrent.TimeUnit;

/**
 * One client connection as it is replayed towards its target. Holds the variables of the target connection (RFC 9293,
 * section 3.3.1) and takes what arrives: client packets, responses, the passing of time. What each means for one concern
 * is that concern's business; this class knows the order in which they are asked.
 *
 * <p>Sessions are used again for other connections: {@link #open} makes one new.
 */
final class Session extends Timer {
    /** Numbers further below the acknowledged ones than this are not told from numbers above any more. */
    private static final int SEQUENCE_HISTORY = 1 << 30;
    /** Packets numbered so far behind a successor's SYN belong to the successor. */
    private static final int SUCCESSOR_RANGE = 1 << 30;

    private static final long TWICE_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long ROUTE_LIFE_NS = TimeUnit.SECONDS.toNanos(300);
    private static final long DRAIN_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_UNSCALED_WINDOW = 65535;

    private final SessionContext context;
    final SendWindow window;
    final Handshake handshake;
    final Pacing pacing;
    final Acknowledging acknowledging;
    final Retransmission retransmission;
    final Gap gap;
    final Closing closing;
    final Rebuild rebuild;
    final Timestamps timestamps = new Timestamps();

    /** By which client packets find the session. */
    long clientKey;
    /** By which responses find the session. */
    long targetKey;
    /** The client's address as the target sees it. */
    int clientAddress;
    /** The client's port as the target sees it. */
    int clientPort;

    Transfer transfer;
    /** The session's number in turn, which chooses among connections to the intercepts. */
    int turn;

    /** Our initial sequence number: the SYN's. */
    int iss;
    /** The first number that the target has not acknowledged. */
    int sndUna;
    /** The number to be sent next. */
    int sndNxt;
    /** The target's window in bytes, scaled. */
    int sndWnd;
    /** Shift of the windows that the target announces. */
    int sndScale;
    /** The number behind the highest one heard of from the target: what is acknowledged. */
    int rcvNxt;
    /** Shift of the windows that we announce. */
    int rcvScale;

    /** The client's round trip to the online server. */
    long rttNs;
    /** When the target's last response that fitted arrived, or when the session began. */
    long lastResponseNs;

    private TcpState state;
    private boolean handshakeSeen;
    private boolean rttKnown;
    private long synArrivalNs;
    private int clientIss;
    private boolean requestSent;
    private boolean clientPacketSent;
    private int lastClientAckSent;
    private long routeNs;
    private boolean heldByWindow;

    private boolean previousKnown;
    private int previousId;
    private int previousSeq;
    private int previousAck;
    private int previousFlags;
    private int previousLength;
    private long previousNs;

    private Session successor;
    private long drainUntilNs;
    private boolean over;
    private int lastNumber;

    Session(SessionContext context) {
        this.context = context;
        window = new SendWindow(context);
        handshake = new Handshake(this, context);
        pacing = new Pacing(this, context);
        acknowledging = new Acknowledging(this, context);
        retransmission = new Retransmission(this, context);
        gap = new Gap(this, context);
        closing = new Closing(this, context);
        rebuild = new Rebuild(this, context);
    }

    // ------------------------------------------------------------------------------------------------ beginning

    /** Makes the session one of this connection, whose SYN is yet to be given. */
    void open(long newClientKey, long newTargetKey, int address, int port, Transfer newTransfer, int newTurn) {
        clientKey = newClientKey;
        targetKey = newTargetKey;
        clientAddress = address;
        clientPort = port;
        transfer = newTransfer;
        turn = newTurn;
        rttNs = context.settings.fixedRttNs() == 0 ? MIN_RTT_NS : context.settings.fixedRttNs();
        rttKnown = context.settings.fixedRttNs() != 0;
        synArrivalNs = NEVER;
        requestSent = false;
        clientPacketSent = false;
        successor = null;
        drainUntilNs = NEVER;
        over = false;
        closing.open();
        rebuild.open();
    }

    /** Begins with the client's SYN. */
    void beginWithSyn(ClientPacket syn) {
        handshakeSeen = true;
        synArrivalNs = syn.arrivalNs();
        clientIss = syn.seq();
        beginConnection(syn.seq(), false);
        window.insert(context.segments.copy(this, syn), null);
    }

    /**
     * Begins in the middle of the client's connection.
     *
     * @param knownRttNs round trip of the session before, or 0
     */
    void beginMidStream(ClientPacket payload, long knownRttNs) {
        handshakeSeen = false;
        if (!rttKnown && knownRttNs != 0) {
            rttNs = knownRttNs;
        }
        rttKnown = true;
        clientIss = payload.seq() - 1;
        beginConnection(clientIss, true);
        window.insert(context.segments.makeSyn(this, iss), null);
        enqueue(payload);
    }

    /** Forgets the target connection there was; the next one's SYN will have this number. */
    void beginConnection(int synNumber, boolean synMade) {
        state = TcpState.CLOSED;
        iss = synNumber;
        sndUna = iss;
        sndNxt = iss + 1;
        sndWnd = 0;
        sndScale = 0;
        rcvNxt = 0;
        rcvScale = 0;
        lastResponseNs = context.nowNs;
        previousKnown = false;
        heldByWindow = false;
        clientPacketSent = false;
        timestamps.begin(!synMade);
        handshake.begin(synMade);
        pacing.begin();
        acknowledging.begin();
        retransmission.begin();
        gap.begin();
        closing.begin();
    }

    /** Tells the intercepts and sends the SYN. */
    void start() {
        if (announceRoute()) {
            handshake.start();
        } else {
            context.count(SessionCounter.NO_ROUTE);
            end(DropReason.NO_ROUTE, false);
        }
    }

    /** Opens a new target connection for what the window holds. */
    void restart() {
        beginConnection(window.first().seq - 1, true);
        window.insert(context.segments.makeSyn(this, iss), null);
        start();
    }

    private boolean announceRoute() {
        routeNs = context.nowNs;
        return context.routes.add(turn, clientAddress, clientPort, transfer.targetAddress(), transfer.targetPort());
    }

    // ------------------------------------------------------------------------------------------ the client's packets

    /** Whether a SYN is a repetition of the one that the client opened this connection with. */
    boolean isOwnSyn(ClientPacket syn) {
        return syn.seq() == clientIss;
    }

    /** The client has repeated its SYN: its round trip is measured from the last one. */
    void synRepeated(ClientPacket syn) {
        context.count(SessionCounter.CLIENT_RETRANSMISSIONS);
        if (synArrivalNs != NEVER) {
            synArrivalNs = syn.arrivalNs();
        }
    }

    /** The session that a client packet of the pair belongs to: this one, or the one that waits to follow it. */
    Session ownerOf(ClientPacket packet) {
        boolean ofSuccessor = successor != null && TcpSeq.inWindow(packet.seq(), successor.iss, SUCCESSOR_RANGE);
        return ofSuccessor ? successor : this;
    }

    /** Whether a packet is numbered so low that it can only be of another connection of the pair. */
    boolean isOfAnotherConnection(ClientPacket packet) {
        return packet.payloadLength() > 0
                && !TcpSeq.lessThan(packet.seq(), lowestNumber())
                && Gap.isJumpBack(packet.seq(), sndNxt);
    }

    private int lowestNumber() {
        return TcpSeq.max(iss, sndUna - SEQUENCE_HISTORY);
    }

    /** Takes the current part of a client packet that is no SYN. */
    void accept(ClientPacket packet) {
        if (TcpSeq.lessThan(packet.seq(), lowestNumber())) {
            context.ledger.refused(packet.payloadLength(), false, DropReason.FORMER_CONNECTION);
            return;
        }
        measureRtt(packet);
        if (packet.isRst()) {
            closing.clientReset();
        } else if (!packet.isPureAck() || !handshake.thirdStepSent()) {
            pacing.clientAcknowledged(packet);
            enqueue(packet);
        }
        if (closing.targetClosed() && window.hasUnsentPayload()) {
            rebuild.begin(true);
        }
        advance();
    }

    /** The client's round trip: from its last SYN to its next packet. */
    private void measureRtt(ClientPacket packet) {
        if (!rttKnown && synArrivalNs != NEVER) {
            rttNs = Math.max(MIN_RTT_NS, packet.arrivalNs() - synArrivalNs);
            rttKnown = true;
        }
    }

    private void enqueue(ClientPacket packet) {
        Packet equal = window.findEqual(packet);
        if (equal != null) {
            countRepetition(packet, equal);
            return;
        }
        boolean old = packet.isPureAck()
                ? TcpSeq.lessThan(packet.seq(), sndNxt)
                : TcpSeq.lessThanOrEqual(packet.end(), sndNxt);
        if (old || closing.finSent()) {
            context.ledger.refused(packet.payloadLength(), false, DropReason.DUPLICATE);
            context.count(SessionCounter.CLIENT_RETRANSMISSIONS);
            return;
        }
        Packet copy = context.segments.copy(this, packet);
        int sentBefore = copy.payloadBefore(sndNxt);
        if (sentBefore > 0) {
            context.ledger.refused(sentBefore, false, DropReason.OLD_PART);
            context.segments.trim(this, copy, sentBefore);
        }
        Packet predecessor = window.predecessor(copy);
        copy.beginsRequest = copy.payloadLength > 0 && !continuesRequest(predecessor, copy.clientAck);
        window.insert(copy, predecessor);
    }

    private void countRepetition(ClientPacket packet, Packet equal) {
        if (packet.isPureAck()) {
            return;
        }
        context.ledger.refused(packet.payloadLength(), false, DropReason.DUPLICATE);
        boolean twice = equal.id == packet.id() && context.nowNs - equal.enteredNs <= TWICE_NS;
        context.count(twice ? SessionCounter.CLIENT_TWICE : SessionCounter.CLIENT_RETRANSMISSIONS);
    }

    /** Whether the client had seen nothing new of the server since the payload before. */
    private boolean continuesRequest(Packet predecessor, int clientAck) {
        for (Packet packet = predecessor; packet != null; packet = packet.previous) {
            if (packet.payloadLength > 0) {
                return packet.clientAck == clientAck;
            }
        }
        return rebuild.isOfCutRequest(clientAck);
    }

    /** Whether the client sends something behind its SYN. */
    boolean clientHasGoneOn() {
        return window.nextUnsent() != null;
    }

    // ------------------------------------------------------------------------------------------------- the responses

    /** Takes a response of this pair. */
    void respond(Response response) {
        if (isRepeatedCapture(response)) {
            context.count(SessionCounter.RESPONSES_TWICE);
            return;
        }
        if (state == TcpState.SYN_SENT) {
            respondToSyn(response);
        } else if (state == TcpState.ESTABLISHED && fits(response)) {
            respondEstablished(response);
        } else {
            context.count(SessionCounter.RESPONSES_NOT_FITTING);
        }
    }

    /** A device chain shows the same packet several times within moments. */
    private boolean isRepeatedCapture(Response response) {
        boolean repeated = previousKnown
                && response.id() == previousId
                && response.seq() == previousSeq
                && response.ack() == previousAck
                && response.flags() == previousFlags
                && response.totalLength() == previousLength
                && context.nowNs - previousNs <= TWICE_NS;
        previousKnown = true;
        previousId = response.id();
        previousSeq = response.seq();
        previousAck = response.ack();
        previousFlags = response.flags();
        previousLength = response.totalLength();
        previousNs = context.nowNs;
        return repeated;
    }

    private void respondToSyn(Response response) {
        boolean acknowledgesSyn = response.isAck() && response.ack() == sndNxt;
        if (response.isSyn() && acknowledgesSyn) {
            lastResponseNs = context.nowNs;
            pacing.heard();
            handshake.synAck(response);
            advance();
        } else if (response.isRst() && acknowledgesSyn) {
            context.count(SessionCounter.RESPONSE_RESETS);
            context.count(SessionCounter.REFUSED);
            end(DropReason.REFUSED, false);
        } else if (response.isPureAck() || acknowledgesSyn) {
            handshake.challenged(response);
        } else {
            context.count(SessionCounter.RESPONSES_NOT_FITTING);
        }
    }

    /** Whether a response belongs to this target connection, not to an earlier one of the pair. */
    private boolean fits(Response response) {
        int offered = MAX_UNSCALED_WINDOW << rcvScale;
        int number = response.isSyn() ? response.seq() + 1 : response.seq();
        boolean numberFits = Math.abs((long) TcpSeq.distance(rcvNxt, number)) <= offered;
        if (response.isRst()) {
            return numberFits;
        }
        int lowest = TcpSeq.max(iss + 1, sndUna - SEQUENCE_HISTORY);
        return numberFits
                && response.isAck()
                && TcpSeq.greaterThanOrEqual(response.ack(), lowest)
                && TcpSeq.lessThanOrEqual(response.ack(), sndNxt);
    }

    private void respondEstablished(Response response) {
        lastResponseNs = context.nowNs;
        pacing.heard();
        if (response.isRst()) {
            context.count(SessionCounter.RESPONSE_RESETS);
            closing.targetReset();
            return;
        }
        if (response.isSyn()) {
            handshake.synAck(response);
            return;
        }
        timestamps.note(response);
        acknowledged(response);
        received(response);
        if (!over) {
            advance();
        }
    }

    /** What the target acknowledges, and the window it offers. */
    private void acknowledged(Response response) {
        int ack = response.ack();
        if (TcpSeq.lessThan(ack, sndUna)) {
            return;
        }
        int offered = response.window() << sndScale;
        if (ack != sndUna) {
            sndUna = ack;
            sndWnd = offered;
            removeAcknowledged();
            retransmission.progress();
        } else if (response.isPureAck() && offered == sndWnd && response.seq() == rcvNxt && inFlight() > 0) {
            retransmission.duplicate();
        } else {
            sndWnd = offered;
        }
        if (sndWnd > 0) {
            retransmission.windowOpen();
        }
    }

    private void removeAcknowledged() {
        Packet first = window.first();
        while (first != null && first.sent && TcpSeq.lessThanOrEqual(first.end(), sndUna)) {
            if (first.payloadLength > 0) {
                rebuild.delivered(first);
            }
            window.deliver(first);
            first = window.first();
        }
    }

    /** What the target sends. */
    private void received(Response response) {
        boolean news = TcpSeq.greaterThan(response.end(), rcvNxt);
        if (news) {
            rcvNxt = response.end();
            if (response.payloadLength() > 0) {
                acknowledging.payload(response.payloadLength());
                pacing.responsePayload(response);
            }
        } else if (response.payloadLength() > 0) {
            acknowledging.atOnce();
            halveRtt();
        } else if (response.isFin() || TcpSeq.lessThan(response.seq(), rcvNxt)) {
            acknowledging.atOnce();
        }
        if (response.isFin() && news) {
            acknowledging.atOnce();
            closing.targetFin();
        } else {
            acknowledging.due();
        }
    }

    // ------------------------------------------------------------------------------------------------------- sending

    /** Sends what may be sent now, and ends the session if nothing is left to say. */
    void advance() {
        if (context.paused || over) {
            return;
        }
        while (state == TcpState.ESTABLISHED && sendNext()) {
            // Each turn sends or drops the next packet.
        }
        if (!over && state == TcpState.ESTABLISHED) {
            closing.advance();
        }
        if (!over && isDraining() && (!window.hasPayload() || drainUntilNs <= context.nowNs)) {
            end(DropReason.REUSED, state != TcpState.CLOSED);
        }
    }

    /** Deals with the next unsent packet; false when there is none, or it has to wait. */
    private boolean sendNext() {
        heldByWindow = false;
        Packet next = window.nextUnsent();
        if (next == null || over) {
            return false;
        }
        if (isStale(next)) {
            window.drop(next, sndUna, DropReason.DUPLICATE);
            return true;
        }
        int sentBefore = next.payloadBefore(sndNxt);
        if (sentBefore > 0) {
            window.trimNextUnsent(this, sentBefore);
            return true;
        }
        if (next.seq != sndNxt) {
            return waitForMissing(next);
        }
        gap.closed();
        Packet sendable = sendable(next);
        if (sendable == null) {
            // The client has gone on: the target need not wait for its acknowledgement.
            handshake.makeThirdStep();
            return false;
        }
        transmit(sendable);
        return true;
    }

    private boolean isStale(Packet packet) {
        return packet.isPureAck()
                ? handshake.thirdStepSent() || TcpSeq.lessThan(packet.seq, sndNxt)
                : TcpSeq.lessThanOrEqual(packet.end(), sndNxt);
    }

    private boolean waitForMissing(Packet next) {
        handshake.makeThirdStep();
        if (!gap.isGivenUp(next)) {
            return false;
        }
        context.count(SessionCounter.OBSOLETE);
        rebuild.beginBehindGap();
        return false;
    }

    /** The packet to send now: the next one, a part of it, or null if it has to wait. */
    private Packet sendable(Packet next) {
        if (next.payloadLength == 0) {
            return next.isPureAck() || closing.maySendFin(next) ? next : null;
        }
        if (!pacing.maySend(next)) {
            return null;
        }
        int room = sndWnd - inFlight();
        if (next.payloadLength <= room) {
            return next;
        }
        if (inFlight() > 0) {
            return null;
        }
        if (room <= 0) {
            heldByWindow = true;
            retransmission.heldByWindow();
            return null;
        }
        Packet head = context.segments.split(this, next, room);
        window.insertHead(head);
        return head;
    }

    private void transmit(Packet packet) {
        handshake.thirdStep();
        if (packet.payloadLength > 0 && context.nowNs - routeNs > ROUTE_LIFE_NS) {
            announceRoute();
        }
        context.segments.send(this, packet);
        window.markSent();
        clientPacketSent = true;
        lastClientAckSent = packet.clientAck;
        if (packet.isPureAck()) {
            window.deliver(packet);
            return;
        }
        sndNxt = packet.end();
        retransmission.sent(packet);
        if (packet.payloadLength > 0) {
            context.count(SessionCounter.SENT_WITH_PAYLOAD);
            requestSent = true;
            pacing.payloadSent(packet);
        }
        if (packet.isFin()) {
            closing.finSent(packet);
        }
    }

    /** Sequence numbers that were sent and are not acknowledged. */
    int inFlight() {
        return sndNxt - sndUna;
    }

    /** Whether the client had seen nothing new of the server since the client packet sent last. */
    boolean sawNothingSince(Packet packet) {
        return clientPacketSent && packet.clientAck == lastClientAckSent;
    }

    /** The copy lags behind: wait less. */
    void halveRtt() {
        rttNs = Math.max(MIN_RTT_NS, rttNs / 2);
    }

    // ------------------------------------------------------------------------------------------------ reuse of a pair

    /**
     * The client uses the pair for a new connection: this one sends what it still has, then the new one begins.
     *
     * @return the session that was to follow before, or null
     */
    Session follow(Session newSuccessor) {
        Session replaced = successor;
        successor = newSuccessor;
        if (drainUntilNs == NEVER) {
            drainUntilNs = context.nowNs + DRAIN_LIMIT_NS;
        }
        advance();
        return replaced;
    }

    /** Nothing follows any more; returns what was to, or null. */
    Session dismissSuccessor() {
        Session dismissed = successor;
        successor = null;
        return dismissed;
    }

    /** The session that follows this one, or null. */
    Session successor() {
        return successor;
    }

    /** Whether a successor waits. */
    boolean isDraining() {
        return successor != null;
    }

    // ------------------------------------------------------------------------------------------------- time and end

    /** When the session wants to be looked at, or {@link SessionContext#NEVER}. */
    long nextDeadlineNs() {
        if (context.paused) {
            return NEVER;
        }
        long deadline = Math.min(handshake.deadlineNs(), rebuild.deadlineNs());
        deadline = Math.min(deadline, drainUntilNs);
        if (state != TcpState.ESTABLISHED) {
            return deadline;
        }
        deadline = Math.min(deadline, acknowledging.deadlineNs());
        deadline = Math.min(deadline, retransmission.deadlineNs());
        deadline = Math.min(deadline, closing.deadlineNs());
        deadline = Math.min(deadline, gap.deadlineNs());
        deadline = Math.min(deadline, idleDeadlineNs());
        boolean paced = window.nextUnsent() != null && !heldByWindow;
        return paced ? Math.min(deadline, pacing.deadlineNs()) : deadline;
    }

    /** When a session whose target says nothing is over. */
    private long idleDeadlineNs() {
        boolean waits = !window.isEmpty() || !requestSent;
        return lastResponseNs + (waits ? context.settings.sessionTimeoutNs() : context.settings.keepaliveTimeoutNs());
    }

    /** Does what is due. */
    void due() {
        if (context.paused) {
            return;
        }
        rebuild.due();
        if (!over) {
            handshake.due();
        }
        if (!over && state == TcpState.ESTABLISHED && idleDeadlineNs() <= context.nowNs) {
            context.count(SessionCounter.OBSOLETE);
            end(DropReason.TIMEOUT, true);
        }
        // What is sent takes acknowledgements along.
        advance();
        if (!over && state == TcpState.ESTABLISHED) {
            acknowledging.due();
            retransmission.due();
        }
    }

    /**
     * Ends the session; its packets are dropped for this reason.
     *
     * @param reset whether the target's side may be open and has to be told
     */
    void end(DropReason reason, boolean reset) {
        if (over) {
            return;
        }
        over = true;
        if (reset && state != TcpState.CLOSED) {
            context.segments.sendReset(this);
        }
        lastNumber = window.last() == null
                ? sndNxt
                : TcpSeq.max(sndNxt, window.last().end());
        window.dropAll(sndUna, reason);
    }

    /** Whether the session has ended: nothing may be asked of it but what it leaves behind. */
    boolean isOver() {
        return over;
    }

    /** The number behind the last one that the session held. */
    int lastNumber() {
        return lastNumber;
    }

    /** When the first packet of the window entered it, or {@link SessionContext#NEVER}. */
    long waitingSinceNs() {
        return window.isEmpty() ? NEVER : window.first().enteredNs;
    }

    TcpState state() {
        return state;
    }

    void state(TcpState newState) {
        state = newState;
    }

    /** Whether the client's handshake was captured, so that its round trip is known. */
    boolean isHandshakeSeen() {
        return handshakeSeen;
    }
}
