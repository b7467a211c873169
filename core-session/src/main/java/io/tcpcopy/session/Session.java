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

    private static final long ROUTE_LIFE_NS = TimeUnit.SECONDS.toNanos(300);
    /** Long enough for several repetitions. */
    private static final long DRAIN_LIMIT_NS = TimeUnit.SECONDS.toNanos(3);
    /** How many connections of one pair may wait for their turn. */
    private static final int MAX_WAITING = 8;

    private final SessionContext context;
    final SendWindow window;
    final Queueing queueing;
    final Handshake handshake;
    final Pacing pacing;
    final Sending sending;
    final Receiving receiving;
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
    private int iss;
    /** The lowest payload number that is known to be of this connection: the first one, later one not too far back. */
    private int oldest;
    /** The first number that the target has not acknowledged. */
    private int sndUna;
    /** The number to be sent next. */
    private int sndNxt;
    /** The target's window in bytes, scaled. */
    private int sndWnd;
    /** Shift of the windows that the target announces. */
    private int sndScale;
    /** The target's first number behind its SYN. */
    private int rcvFirst;
    /** The number behind the highest one heard of from the target: what is acknowledged. */
    private int rcvNxt;
    /** Shift of the windows that we announce. */
    private int rcvScale;

    /** The client's round trip to the online server. */
    private long rttNs;

    private TcpState state;
    private long routeNs;
    private Session successor;
    private long drainUntilNs;
    private boolean over;
    private int lastNumber;

    Session(SessionContext context) {
        this.context = context;
        window = new SendWindow(context);
        queueing = new Queueing(this, context);
        handshake = new Handshake(this, context);
        pacing = new Pacing(this, context);
        sending = new Sending(this, context);
        receiving = new Receiving(this, context);
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
        successor = null;
        drainUntilNs = NEVER;
        over = false;
        queueing.open();
        sending.open();
        closing.open();
        rebuild.open();
    }

    /** Begins with the client's SYN. */
    void beginWithSyn(ClientPacket syn) {
        queueing.handshakeBegins(syn);
        beginConnection(syn.seq(), false);
        window.insert(context.segments.copy(this, syn), null);
    }

    /**
     * Begins in the middle of the client's connection.
     *
     * @param knownRttNs round trip of the session before, or 0
     */
    void beginMidStream(ClientPacket payload, long knownRttNs) {
        queueing.midStreamBegins(payload, knownRttNs);
        beginConnection(payload.seq() - 1, true);
        window.insert(context.segments.makeSyn(this, iss), null);
        queueing.enqueue(payload);
    }

    /** Forgets the target connection there was; the next one's SYN will have this number. */
    void beginConnection(int synNumber, boolean synMade) {
        state = TcpState.CLOSED;
        iss = synNumber;
        oldest = iss + 1;
        sndUna = iss;
        sndNxt = iss + 1;
        sndWnd = 0;
        sndScale = 0;
        rcvFirst = 0;
        rcvNxt = 0;
        rcvScale = 0;
        timestamps.begin(!synMade);
        handshake.begin(synMade);
        pacing.begin();
        sending.begin();
        receiving.begin();
        acknowledging.begin();
        retransmission.begin();
        gap.begin();
        closing.begin();
    }

    /** Tells the intercepts and sends the SYN. */
    void start() {
        if (successor != null) {
            drain();
        }
        if (announceRoute()) {
            handshake.start();
        } else {
            context.count(SessionCounter.NO_ROUTE);
            end(DropReason.NO_ROUTE, false);
        }
    }

    /** Opens a new target connection for what the window holds, with a SYN of this number. */
    void restart(int synNumber) {
        beginConnection(synNumber, true);
        window.insert(context.segments.makeSyn(this, iss), null);
        start();
    }

    /** Tells the intercepts again when they were told long ago. */
    void renewRoute() {
        if (context.nowNs - routeNs > ROUTE_LIFE_NS) {
            announceRoute();
        }
    }

    private boolean announceRoute() {
        routeNs = context.nowNs;
        return context.routes.add(turn, clientAddress, clientPort, transfer.targetAddress(), transfer.targetPort());
    }

    // ----------------------------------------------------------------------------------------------------- arrivals

    /** Takes the current part of a client packet that is no SYN. */
    void accept(ClientPacket packet) {
        if (TcpSeq.lessThan(packet.seq(), oldest - 1)) {
            context.ledger.refused(packet.payloadLength(), false, DropReason.FORMER_CONNECTION);
        } else {
            queueing.accept(packet);
        }
        advance();
    }

    /** Whether a packet is numbered so low that it can only be of another connection of the pair. */
    boolean isOfAnotherConnection(ClientPacket packet) {
        return packet.payloadLength() > 0
                && TcpSeq.greaterThanOrEqual(packet.seq(), oldest - 1)
                && Gap.isJumpBack(packet.seq(), sndNxt);
    }

    /** Takes a response of this pair. */
    void respond(Response response) {
        receiving.take(response);
        advance();
    }

    /** The target has acknowledged everything before this number. */
    void acknowledged(int number) {
        sndUna = number;
        if (TcpSeq.distance(oldest, number) > SEQUENCE_HISTORY) {
            oldest = number - SEQUENCE_HISTORY;
        }
    }

    /**
     * Sends what may be sent now, and ends the session if nothing is left to say. Every event ends with it, so deadlines
     * that are looked at here need no timer once they have passed.
     */
    void advance() {
        if (context.pause.isOn() || over) {
            return;
        }
        if (closing.targetClosed() && window.hasUnsentPayload()) {
            rebuild.begin(true);
        }
        if (!over && state == TcpState.ESTABLISHED) {
            sending.advance();
        }
        if (!over && state == TcpState.ESTABLISHED) {
            closing.advance();
        }
        if (!over && isDraining() && (!window.hasPayload() || drainUntilNs <= context.nowNs)) {
            end(DropReason.REUSED, true);
        }
    }

    /** The SYN has left. */
    void synSent() {
        state = TcpState.SYN_SENT;
    }

    /**
     * The target has acknowledged the SYN.
     *
     * @param rcvNxtNumber of the target's first byte
     * @param window that it offers, in bytes
     */
    void established(int rcvNxtNumber, int window) {
        state = TcpState.ESTABLISHED;
        acknowledged(sndNxt);
        rcvFirst = rcvNxtNumber;
        rcvNxt = rcvNxtNumber;
        sndWnd = window;
    }

    /** Windows after the SYNs are scaled: the shifts of those that the target announces, and that we do. */
    void scaled(int targetShift, int ownShift) {
        sndScale = targetShift;
        rcvScale = ownShift;
    }

    /** A packet has left, the next one in order. */
    void sent(Packet packet) {
        sndNxt = packet.end();
    }

    /** The target offers a window of so many bytes behind what it acknowledged. */
    void windowOffered(int bytes) {
        sndWnd = bytes;
    }

    /** Something of the target is known up to this number, and is acknowledged with the next packet. */
    void heard(int number) {
        rcvNxt = number;
    }

    /** The client's round trip to the online server; shorter ones than the timers can tell are taken for longer. */
    void roundTrip(long nanoseconds) {
        rttNs = Math.max(MIN_RTT_NS, nanoseconds);
    }

    /** Sequence numbers that were sent and are not acknowledged. */
    int inFlight() {
        return sndNxt - sndUna;
    }

    /** The copy lags behind: wait less. */
    void halveRtt() {
        roundTrip(rttNs / 2);
    }

    // ------------------------------------------------------------------------------------------------ reuse of a pair

    /** The session that a client packet of the pair belongs to: this one, or one of those that wait to follow it. */
    Session ownerOf(ClientPacket packet) {
        Session owner = this;
        while (owner.successor != null && TcpSeq.inWindow(packet.seq(), owner.successor.iss, SUCCESSOR_RANGE)) {
            owner = owner.successor;
        }
        return owner;
    }

    /** Which of this session and those that wait to follow it the client opened with this SYN; null if none. */
    Session openedBy(ClientPacket syn) {
        Session session = this;
        while (session != null && !session.queueing.isOwnSyn(syn)) {
            session = session.successor;
        }
        return session;
    }

    /**
     * The client uses the pair for a new connection: this one sends what it still has, then those that wait have their
     * turn, and then the new one. Too many must not wait.
     *
     * @return the session that was to be the last one, if the new one replaces it, or null
     */
    Session follow(Session newSuccessor) {
        Session before = this;
        for (int waiting = 1; waiting < MAX_WAITING && before.successor != null; waiting++) {
            before = before.successor;
        }
        Session replaced = before.successor;
        before.successor = newSuccessor;
        drain();
        advance();
        return replaced;
    }

    private void drain() {
        if (drainUntilNs == NEVER) {
            drainUntilNs = context.nowNs + DRAIN_LIMIT_NS;
        }
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

    /** Whether the session makes room for a successor. */
    boolean isDraining() {
        return drainUntilNs != NEVER;
    }

    // ------------------------------------------------------------------------------------------------- time and end

    /** When the session wants to be looked at, or {@link SessionContext#NEVER}. */
    long nextDeadlineNs() {
        if (context.pause.isOn()) {
            return NEVER;
        }
        long deadline = Math.min(handshake.deadlineNs(), rebuild.deadlineNs());
        deadline = Math.min(deadline, unlessPassed(drainUntilNs));
        if (state != TcpState.ESTABLISHED) {
            return deadline;
        }
        deadline = Math.min(deadline, acknowledging.deadlineNs());
        deadline = Math.min(deadline, retransmission.deadlineNs());
        deadline = Math.min(deadline, idleDeadlineNs());
        deadline = Math.min(deadline, unlessPassed(sending.deadlineNs()));
        deadline = Math.min(deadline, unlessPassed(gap.deadlineNs()));
        return Math.min(deadline, closing.deadlineNs());
    }

    /** What {@link #advance} looks at has had its effect when it has passed. */
    long unlessPassed(long deadlineNs) {
        return deadlineNs > context.nowNs ? deadlineNs : NEVER;
    }

    /** When a session whose target says nothing is over. */
    private long idleDeadlineNs() {
        boolean waits = !window.isEmpty() || !sending.requestSent();
        return receiving.lastNs()
                + (waits ? context.settings.sessionTimeoutNs() : context.settings.keepaliveTimeoutNs());
    }

    /** Does what is due. */
    void due() {
        if (context.pause.isOn()) {
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
        lastNumber = nextFromClient();
        window.dropAll(sndUna, reason);
    }

    /** Whether the session has ended: nothing may be asked of it but what it leaves behind. */
    boolean isOver() {
        return over;
    }

    /** The number behind the last one that the session had of the client. */
    int nextFromClient() {
        return window.last() == null ? sndNxt : TcpSeq.max(sndNxt, window.last().end());
    }

    /** The number behind the last one that the session held. */
    int lastNumber() {
        return lastNumber;
    }

    /**
     * Since when the first packet of the window is in it; since the target was heard last, where the client has not said
     * anything yet; or {@link SessionContext#NEVER}.
     */
    long waitingSinceNs() {
        if (window.isEmpty()) {
            return sending.requestSent() ? NEVER : receiving.lastNs();
        }
        return window.first().enteredNs;
    }

    TcpState state() {
        return state;
    }

    /** Our initial sequence number: the SYN's. */
    int iss() {
        return iss;
    }

    /** The lowest payload number that is known to be of this connection. */
    int oldest() {
        return oldest;
    }

    /** The first number that the target has not acknowledged. */
    int sndUna() {
        return sndUna;
    }

    /** The number to be sent next. */
    int sndNxt() {
        return sndNxt;
    }

    /** The target's window in bytes, scaled. */
    int sndWnd() {
        return sndWnd;
    }

    /** Shift of the windows that the target announces. */
    int sndScale() {
        return sndScale;
    }

    /** The target's first number behind its SYN. */
    int rcvFirst() {
        return rcvFirst;
    }

    /** The number behind the highest one heard of from the target. */
    int rcvNxt() {
        return rcvNxt;
    }

    /** Shift of the windows that we announce. */
    int rcvScale() {
        return rcvScale;
    }

    /** The client's round trip to the online server, in nanoseconds. */
    long rttNs() {
        return rttNs;
    }
}
