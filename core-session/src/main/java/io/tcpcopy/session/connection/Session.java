package io.tcpcopy.session.connection;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.packet.ChecksumTrust;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.arrival.Response;
import io.tcpcopy.session.base.ClientTime;
import io.tcpcopy.session.base.Deadline;
import io.tcpcopy.session.base.FormerConnection;
import io.tcpcopy.session.base.KnownTarget;
import io.tcpcopy.session.base.LastRequest;
import io.tcpcopy.session.base.SequenceJump;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.SessionIdentity;
import io.tcpcopy.session.emit.Timestamps;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.pace.ClientPace;
import io.tcpcopy.session.pace.ClientRoundTrip;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.SendWindow;
import io.tcpcopy.timer.Timer;

/**
 * One client connection as it is replayed towards its target. It has four doors: {@link #process(ClientPacket, long)},
 * {@link #process(Response, long)}, {@link #dispatch} and {@link #deadlineNs}. What has arrived is decided here, in the order
 * of RFC 9293, section 3.10.7; what it means for one concern is that concern's business. None of them knows the session.
 *
 * <p>A session is used again for other connections of clients, and connects to its target as often as it has to:
 *
 * <pre>
 *  open --> begin: the client's SYN, or payload mid-stream
 *             |
 *             v
 *          connect: the route, the SYN
 *           ^   |  SYN-ACK
 *           |   v
 *  reconnect: the target closed,    end: everything is said, or nothing more can be
 *  or bytes of the client are lost
 * </pre>
 */
public final class Session extends Timer {
    private final SessionContext context;
    private final SessionIdentity identity;
    final SendWindow window;
    private final Tcb tcb = new Tcb();
    private final ChecksumTrust checksums = new ChecksumTrust();
    private final Timestamps timestamps = new Timestamps();
    private final ClientRoundTrip clientRoundTrip;
    private final ClientPace pace;
    private final Requests requests;
    private final DelayedAck delayedAck;
    private final Output output;
    private final Retransmission retransmission;
    private final Handshake handshake;
    private final Gap gap;
    private final RequestPacing pacing;
    private final ClientSegments clientSegments;
    private final ClientReset clientReset;
    private final ClientStream stream;
    private final Closing closing;
    private final Sender sender;
    private final Receiver receiver;
    private final Reconnect reconnect;
    private final EarlyEnds earlyEnds;

    private Session successor;

    private KnownTarget target;
    /** For how long there had been no room when something happened last. */
    private long roomGoneNs;

    /** When the client last said something, or the target last took something. */
    private long progressNs;

    /** Whether payload waits for room with what injects. */
    private boolean waitsForRoom;

    private boolean over;
    private int inOrderSeq;
    private int lastSeq;
    private boolean clientLeft;
    /** The client has begun another connection after its end, of which the capture has missed the SYN. */
    private boolean clientIsBack;

    /** A session that is to be opened. */
    public Session(SessionContext context) {
        this.context = context;
        identity = new SessionIdentity(context.settings.dnat());
        window = new SendWindow(context.ledger, context.held, context.pool);
        requests = new Requests(context.ledger);
        clientRoundTrip = new ClientRoundTrip(context.settings.fixedRttNs());
        pace = new ClientPace(clientRoundTrip, context.clientTime);
        delayedAck = new DelayedAck(tcb, clientRoundTrip, pace);
        output = new Output(identity, tcb, timestamps, delayedAck, context);
        retransmission = new Retransmission(tcb, window, output, context);
        handshake = new Handshake(tcb, window, timestamps, clientRoundTrip, retransmission, output, context);
        gap = new Gap(tcb, window, clientRoundTrip, context.clientTime);
        pacing = new RequestPacing(tcb, window, requests, clientRoundTrip, retransmission, pace, delayedAck, context);
        clientSegments = new ClientSegments(tcb, window, requests, clientRoundTrip, context);
        clientReset = new ClientReset(tcb, clientSegments, context);
        stream = new ClientStream(tcb, clientSegments, clientReset);
        closing = new Closing(tcb, window, requests, clientRoundTrip, pacing, clientReset, pace, context.clientTime);
        sender = new Sender(tcb, window, requests, retransmission, gap, pacing, closing, output, context);
        receiver = new Receiver(tcb);
        reconnect = new Reconnect(tcb, window, requests, clientSegments, context);
        earlyEnds = new EarlyEnds(tcb, window, requests, pace, context);
    }

    // ------------------------------------------------------------------------------------------------------- beginning

    /** Makes the session one of another connection, of which nothing is known yet; {@link #begin} or its like follows. */
    public void open(SessionIdentity newIdentity) {
        identity.copyFrom(newIdentity);
        target = context.targets.of(identity.flow());
        successor = null;
        checksums.clear();
        over = false;
        clientIsBack = false;
        requests.newSession();
        sender.newSession();
        clientSegments.newSession();
        pace.newSession(target.earlyEnds());
        pacing.newSession();
        clientReset.newSession();
        retransmission.newSession(target);
        handshake.newSession(target);
        reconnect.newSession();
        earlyEnds.newSession();
    }

    /** Begins with the client's SYN. */
    public void begin(ClientPacket syn, long nowNs) {
        checksums.takes(syn.checksum(context.settings.mtu()));
        clientSegments.begin(syn);
        pace.clientSpoke(syn);
        newConnection(syn.seq(), false, nowNs);
        window.insert(context.writer.copy(syn), null);
    }

    /**
     * Begins in the middle of the client's connection.
     *
     * @param formerRttNs round trip of the session before, or 0
     */
    public void beginMidStream(ClientPacket payload, long formerRttNs, long nowNs) {
        checksums.takes(payload.checksum(context.settings.mtu()));
        int firstSeq = former().goesOnWith(payload.seq());
        clientSegments.beginMidStream(firstSeq, formerRttNs);
        earlyEnds.beginMidStream(former().earlyEnd());
        newConnection(firstSeq - 1, true, nowNs);
        insertSyn();
        pace.clientSpoke(payload);
        clientSegments.enqueue(payload);
    }

    /** Forgets the connection to the target that there was; the next one's SYN will have this number. */
    private void newConnection(int synSeq, boolean synMade, long nowNs) {
        roomGoneNs = target.goneNs(nowNs);
        waitsForRoom = false;
        tcb.newConnection(synSeq, synMade);
        timestamps.newConnection(!synMade);
        requests.newConnection();
        delayedAck.clear();
        progressNs = nowNs;
        retransmission.newConnection(nowNs);
        handshake.newConnection();
        gap.close();
        pace.newConnection();
        pacing.newConnection(nowNs);
        closing.newConnection();
        sender.newConnection();
        receiver.newConnection();
        earlyEnds.newConnection();
    }

    private void insertSyn() {
        Packet syn = context.writer.syn(tcb.iss, context.settings.mss(), context.clientTime.nowNs());
        window.insert(syn, null);
    }

    /** Tells the intercepts, and sends the SYN. */
    public void connect(long nowNs) {
        postponeAnswers(nowNs);
        if (successor != null) {
            pacing.hurry(nowNs);
        }
        if (output.announceRoute(nowNs)) {
            handshake.connect(nowNs);
        } else {
            context.count(SessionCounter.NO_ROUTE);
            end(DropReason.NO_ROUTE, false);
        }
    }

    /** Whether the target does not give up an older connection of the same addresses and ports. */
    public boolean isPairRefused() {
        return !over && handshake.isPairRefused();
    }

    /** From now on the target sees the client at another port. */
    public void clientPort(int port) {
        identity.clientPort(port);
    }

    /** The pair is left alone: where its SYN has been accepted after all, nobody will hear the answer. */
    public void leavePair() {
        output.reset();
    }

    /** Connects once more with the same SYN. */
    public void connectAnew(long nowNs) {
        window.markAllUnsent();
        handshake.connectAnew();
        connect(nowNs);
    }

    // --------------------------------------------------------------------------------------------- door: client packet

    /** Takes the current part of a client packet that is no SYN. */
    public void process(ClientPacket packet, long nowNs) {
        postponeAnswers(nowNs);
        clientIsBack |= hasClientLeft() && clientSegments.isFarFromItsEnd(packet);
        if (clientSegments.isOfFormerConnection(packet)) {
            clientSegments.refuseFormer(packet);
        } else if (!packet.isRst() && clientSegments.isStragglerAbove(packet)) {
            clientSegments.refuseStragglerAbove(packet);
        } else {
            processOwn(packet, nowNs);
        }
        advance(nowNs);
    }

    private void processOwn(ClientPacket packet, long nowNs) {
        if (packet.isRst()) {
            clientReset.arrived(packet);
            return;
        }
        clientReset.clientSpoke(packet);
        pace.clientSpoke(packet);
        progressNs = nowNs;
        clientSegments.measureRoundTrip(packet);
        clientSegments.noteAcknowledged(packet);
        pacing.clientAcknowledged(packet, nowNs);
        earlyEnds.clientSpoke(packet);
        // Acknowledgements are made here, but the handshake's: the target measures its round trip by the client's own.
        if (!packet.isPureAck() || !tcb.handshakeAckSent) {
            clientSegments.enqueue(packet);
        }
    }

    // -------------------------------------------------------------------------------------------------- door: response

    /** Takes a response of this connection's addresses and ports. */
    public void process(Response response, long nowNs) {
        postponeAnswers(nowNs);
        if (receiver.isCapturedTwice(response, nowNs)) {
            context.count(SessionCounter.RESPONSES_TWICE);
        } else {
            switch (tcb.state) {
                case CLOSED -> processClosed(response);
                case SYN_SENT -> processSynSent(response, nowNs);
                case ESTABLISHED -> processEstablished(response, nowNs);
            }
        }
        advance(nowNs);
    }

    /** RFC 9293, section 3.10.7.1: of the connection before, at best. */
    private void processClosed(Response response) {
        if (!reconnect.acknowledgedLate(response)) {
            context.count(SessionCounter.RESPONSES_NOT_FITTING);
        }
    }

    /** RFC 9293, section 3.10.7.3. */
    private void processSynSent(Response response, long nowNs) {
        boolean acknowledgesSyn = response.isAck() && response.ack() == tcb.sndNxt;
        if (response.isSyn() && acknowledgesSyn) {
            pacing.targetSpoke(nowNs);
            receiver.synAck(response, nowNs);
            sender.synAck(response);
            handshake.synAck(response, nowNs);
        } else if (response.isRst() && acknowledgesSyn && !reconnect.isOfConnectionBefore(response)) {
            context.count(SessionCounter.REFUSED);
            end(DropReason.REFUSED, false);
        } else if (response.isPureAck() || acknowledgesSyn && !response.isRst()) {
            handshake.challenged(response, nowNs);
        } else {
            context.count(SessionCounter.RESPONSES_NOT_FITTING);
        }
    }

    /** RFC 9293, section 3.10.7.4. */
    private void processEstablished(Response response, long nowNs) {
        if (receiver.isOtherSynAck(response)) {
            answerOtherSynAck(response);
            return;
        }
        if (receiver.noteOther(response)) {
            handshake.turnedToOther();
        }
        // First, the numbers: what does not fit is left over from an earlier connection of the same pair.
        if (!receiver.fits(response)) {
            context.count(SessionCounter.RESPONSES_NOT_FITTING);
            return;
        }
        if (!receiver.isKeepaliveProbe(response)) {
            receiver.targetSpoke(nowNs);
            pacing.targetSpoke(nowNs);
        }
        // Second, RST: payload that the target has not taken is sent over another connection.
        if (response.isRst()) {
            if (receiver.turnsToOther(response)) {
                handshake.turnedToOther();
            } else {
                closedByReset(response, nowNs);
            }
            return;
        }
        // Fourth, SYN: the SYN-ACK again, if it fits.
        if (response.isSyn()) {
            handshake.synAckRepeated();
            return;
        }
        if (response.hasTimestamp()) {
            timestamps.note(response.timestamp());
        }
        // Fifth, ACK: frees the window, offers room, or asks for what is missing.
        noteTaken(sender.acknowledged(response, nowNs), nowNs);
        // Seventh, the text: it is acknowledged, and may be what the client's next payload waits for.
        processText(response, nowNs);
        // Eighth, FIN.
        if (receiver.receiveFin(response)) {
            delayedAck.dueNow();
            pacing.targetClosed();
            if (!tcb.finSent) {
                earlyEnds.targetEnded();
            }
            closing.targetFin(nowNs);
        }
    }

    private void closedByReset(Response reset, long nowNs) {
        noteTaken(sender.acknowledgedByReset(reset), nowNs);
        earlyEnds.targetEnded();
        if (window.hasPayload()) {
            reconnectToClosed(false, nowNs);
        } else {
            end(DropReason.CLOSED, false);
        }
    }

    /** Says to the other connection as well what is not acknowledged: the target takes it once, for the one that it has. */
    private void answerOtherSynAck(Response response) {
        if (response.hasTimestamp()) {
            timestamps.note(response.timestamp());
        }
        handshake.otherSynAck(response);
        receiver.speakToOther();
        retransmission.repeatOrAck();
        receiver.speakToOwn();
    }

    private void noteTaken(boolean payloadTaken, long nowNs) {
        if (payloadTaken) {
            progressNs = nowNs;
            reconnect.payloadTaken();
        }
    }

    private void processText(Response response, long nowNs) {
        switch (receiver.receive(response)) {
            case NEW -> {
                delayedAck.payload(receiver.newBytes(), nowNs);
                // A number that is ahead without payload tells of payload whose header was lost on its path here:
                // of the last request only if that is wholly acknowledged.
                boolean ofLastRequest = (response.payloadLength() > 0 || response.ack() == tcb.sndNxt)
                        && pacing.mayAnswerRequest(response);
                pace.targetSent(receiver.newBytes(), ofLastRequest, nowNs);
                if (ofLastRequest) {
                    answered(response, nowNs);
                }
            }
            case REPEATED -> {
                delayedAck.dueNow();
                clientRoundTrip.halve();
            }
            case PROBE -> {
                if (retransmission.isInVain() && !response.isFin() && !receiver.isKeepaliveProbe(response)) {
                    receiver.goBackTo(response);
                }
                delayedAck.dueNow();
            }
            case NONE -> {
                // Nothing to acknowledge.
            }
        }
    }

    private void answered(Response response, long nowNs) {
        requests.answered();
        if (pacing.targetPayload(response, nowNs)) {
            delayedAck.dueNow();
        }
    }

    // ------------------------------------------------------------------------------------------------------ door: time

    /** Does what is due. */
    public void dispatch(long nowNs) {
        if (context.pause.isOn()) {
            return;
        }
        postponeAnswers(nowNs);
        if (reconnect.takeDue(nowNs)) {
            reconnect(nowNs);
        }
        if (!over && handshake.dispatch(nowNs)) {
            context.count(SessionCounter.UNANSWERED);
            end(DropReason.NO_ANSWER, true);
        }
        if (isEstablished() && idleDeadlineNs() <= nowNs) {
            context.count(SessionCounter.OBSOLETE);
            end(DropReason.TIMEOUT, true);
        }
        advance(nowNs);
        if (isEstablished()) {
            retransmission.dispatch(nowNs);
        }
    }

    /** What has left since something happened last may have waited for room: so long its answer takes longer. */
    private void postponeAnswers(long nowNs) {
        long goneNs = target.goneNs(nowNs);
        if (goneNs != roomGoneNs) {
            handshake.postpone(goneNs - roomGoneNs);
            retransmission.postpone(goneNs - roomGoneNs);
            roomGoneNs = goneNs;
        }
    }

    /**
     * When the session wants {@link #dispatch}, or {@link io.tcpcopy.timer.TimerHeap#NEVER}. Where payload waits for room that is
     * at once: nothing is dispatched before there is some.
     */
    public long deadlineNs(long nowNs) {
        if (context.pause.isOn()) {
            return NEVER;
        }
        if (waitsForRoom) {
            return nowNs;
        }
        long deadlineNs = Math.min(handshake.deadlineNs(), reconnect.deadlineNs());
        deadlineNs = Math.min(deadlineNs, Deadline.ifToCome(pacing.hurryUntilNs(), nowNs));
        if (tcb.state != TcpState.ESTABLISHED) {
            return deadlineNs;
        }
        deadlineNs = Math.min(deadlineNs, delayedAck.deadlineNs());
        deadlineNs = Math.min(deadlineNs, retransmission.deadlineNs());
        deadlineNs = Math.min(deadlineNs, idleDeadlineNs());
        deadlineNs = Math.min(deadlineNs, sender.deadlineNs(nowNs));
        return Math.min(deadlineNs, closing.deadlineNs(nowNs));
    }

    /** When a session is over whose target says nothing; or whose target speaks, but nothing comes of it. */
    private long idleDeadlineNs() {
        boolean waits = !window.isEmpty() || !sender.payloadWasSent();
        long keepaliveNs = context.settings.keepaliveTimeoutNs();
        long silentNs = tcb.lastResponseNs + (waits ? context.settings.sessionTimeoutNs() : keepaliveNs);
        return Math.min(silentNs, progressNs + Math.max(keepaliveNs, context.settings.sessionTimeoutNs()));
    }

    // -------------------------------------------------------------------------------------------------- after arrivals

    /**
     * Sends what may be sent now, and ends the session if nothing is left to say. Every event ends with it, so deadlines
     * that are looked at here need no timer once they have passed.
     */
    private void advance(long nowNs) {
        if (context.pause.isOn()) {
            return;
        }
        if (!over && tcb.finReceived && window.hasUnsentPayload()) {
            reconnectToClosed(true, nowNs);
        }
        if (isEstablished()) {
            send(nowNs);
        }
        // What is sent takes acknowledgements along, so acknowledging comes behind it.
        if (isEstablished() && delayedAck.isDue(nowNs)) {
            output.ack();
        }
        if (isEstablished()) {
            endIfAllIsSaid(nowNs);
        }
        if (!over && pacing.isHurried() && (mayGiveWay(nowNs) || pacing.hurryUntilNs() <= nowNs)) {
            end(DropReason.REUSED, true);
        }
    }

    /** Whether the session may end for another connection of its client. */
    private boolean mayGiveWay(long nowNs) {
        return !window.hasPayload() && (tcb.state != TcpState.ESTABLISHED || closing.mayGiveWay(nowNs));
    }

    private boolean isEstablished() {
        return !over && tcb.state == TcpState.ESTABLISHED;
    }

    private void send(long nowNs) {
        Sender.Stop stop = sender.advance(nowNs);
        waitsForRoom = stop == Sender.Stop.NO_ROOM;
        switch (stop) {
            case NOTHING_LEFT -> {
                // The client's own ACK may still come.
            }
            // The client has gone on: the target need not wait for the ACK of its SYN.
            case HELD_BACK, NO_ROOM, MISSING -> handshake.makeAck();
            case MISSING_GIVEN_UP -> {
                handshake.makeAck();
                context.count(SessionCounter.OBSOLETE);
                reconnectBehindGap(nowNs);
            }
        }
    }

    private void endIfAllIsSaid(long nowNs) {
        switch (closing.end(nowNs)) {
            case NONE -> {
                // It goes on.
            }
            case BOTH_CLOSED -> end(DropReason.CLOSED, false);
            case CLIENT_RESET -> {
                context.counters.add(SessionCounter.MISSING_BYTES, clientReset.missingBefore());
                end(DropReason.CLIENT_RESET, true);
            }
            case CLIENT_SILENT -> end(DropReason.CLOSED, true);
            case CAPTURE_ENDED -> end(DropReason.STOPPED, true);
        }
    }

    // ---------------------------------------------------------------------------------------------------- reconnecting

    /**
     * The target has closed its connection although payload is left.
     *
     * @param reset whether the target is to be told that the connection is over
     */
    private void reconnectToClosed(boolean reset, long nowNs) {
        boolean goesOn = reconnect.tryAgain();
        earlyEnds.endedEarly(goesOn);
        if (goesOn) {
            leaveConnection(tcb.sndUna, reset, DropReason.REQUEST_CUT, SessionCounter.RECONNECTS, nowNs);
        } else {
            context.count(SessionCounter.RECONNECTS_GIVEN_UP);
            end(DropReason.CLOSED, reset);
        }
    }

    /** Bytes of the client are missing before the next unsent packet: goes on with the next request. */
    private void reconnectBehindGap(long nowNs) {
        if (clientReset.isCertain()) {
            end(DropReason.CLIENT_RESET, true);
            return;
        }
        Packet next = window.nextUnsent();
        int nextSeq = next.seq();
        int missing = TcpSeq.distance(tcb.sndNxt, nextSeq);
        // Behind a jump goes another connection, or what the network made up: nobody has sent what lies between.
        context.counters.add(SessionCounter.MISSING_BYTES, SequenceJump.isJump(missing) ? 0 : missing);
        clientSegments.passOver(tcb.sndNxt, nextSeq);
        reconnect.dropSent();
        if (next.isRestOfMissing()) {
            requests.taken(next);
        }
        if (context.settings.wholeSessionsOnly()) {
            end(DropReason.GAP, true);
        } else {
            leaveConnection(nextSeq, true, DropReason.GAP, SessionCounter.STARTED_MID_STREAM, nowNs);
        }
    }

    /** Drops the rest of a request that was taken in part; what is left goes over another connection, a round trip later. */
    private void leaveConnection(int seq, boolean reset, DropReason reason, SessionCounter counter, long nowNs) {
        earlyEnds.connectionLeft(needsNoAnswer());
        int resumeSeq = reconnect.dropCutRequest(seq, reason);
        if (reset) {
            output.reset();
        }
        boolean goesOn = window.hasPayload();
        if (goesOn) {
            context.count(counter);
            reconnect.schedule(nowNs + clientRoundTrip.ns(), resumeSeq);
        }
        // Not with the first packet there is: packets overtake each other, and one before it may still come.
        newConnection(resumeSeq - 1, true, nowNs);
        if (!goesOn) {
            end(reason, false);
        }
    }

    private void reconnect(long nowNs) {
        // Where nothing is left, the number tells the client's repetitions of what was acknowledged late from new
        // payload.
        newConnection(reconnect.resume(needsNoAnswer()) - 1, true, nowNs);
        if (window.hasPayload()) {
            insertSyn();
            connect(nowNs);
        } else {
            end(DropReason.REQUEST_CUT, false);
        }
    }

    // ------------------------------------------------------------------------------------------------------------- end

    /** Another connection of the client waits for the addresses and ports: what is left is sent without waiting. */
    public void hurry(long nowNs) {
        postponeAnswers(nowNs);
        pacing.hurry(nowNs);
        advance(nowNs);
    }

    /**
     * Ends the session; its packets are dropped for this reason.
     *
     * @param reset whether the target's side may be open and has to be told
     */
    public void end(DropReason reason, boolean reset) {
        if (over) {
            return;
        }
        over = true;
        inOrderSeq = clientSegments.inOrderEnd();
        lastSeq = clientSegments.nextSeq();
        clientLeft = clientSegments.hasFin() || clientReset.isCertain();
        earlyEnds.connectionLeft(needsNoAnswer());
        int acknowledged = reconnect.leave(needsNoAnswer());
        for (Packet packet = window.first(); packet != null; packet = packet.next()) {
            requests.dropped(packet);
        }
        window.dropAll(acknowledged, reason);
        // Last: whatever comes of it, nothing is left in a session that is used again.
        if (reset && tcb.state != TcpState.CLOSED) {
            output.reset();
        }
    }

    /** Whether the online server has said nothing to the client's last request, as far as is known. */
    private boolean needsNoAnswer() {
        return pace.isUnansweredOnline(clientSegments.hasFin() || clientReset.hasCome());
    }

    /** Whether the session has ended: nothing may be asked of it but what it leaves behind. */
    public boolean isOver() {
        return over;
    }

    /** Notes what the session had of its client. */
    public void noteEnd(FormerConnection ended) {
        clientSegments.noteEnd(ended, clientLeft, inOrderSeq, lastSeq);
        ended.earlyEnd(earlyEnds.kind());
    }

    /** The request that the target took last, or that was dropped when the session ended. */
    public LastRequest lastRequest() {
        return requests.lastRequest();
    }

    // ----------------------------------------------------------------------------------------------- seen from outside

    /** Its target. */
    public KnownTarget target() {
        return target;
    }

    /** By what the session is known. */
    public SessionIdentity identity() {
        return identity;
    }

    /** Where its client is. */
    public ClientStream stream() {
        return stream;
    }

    /** How far the session before had come of the same client's address and port. */
    public FormerConnection former() {
        return clientSegments.former();
    }

    /** What is known of the client's checksums. */
    public ChecksumTrust checksums() {
        return checksums;
    }

    /** The client has repeated the SYN that it opened this connection with. */
    public void synRepeated(ClientPacket syn) {
        clientSegments.synRepeated(syn);
    }

    /** Whether the target has acknowledged all that the client said, its FIN included, and the client is silent since. */
    public boolean hasClientLeft() {
        return !over && tcb.finSent && window.isEmpty() && !clientIsBack;
    }

    /** Whether the target has got the ACK of its SYN, so that pure ACKs of the client are of no use any more. */
    public boolean isHandshakeAckSent() {
        return tcb.handshakeAckSent;
    }

    /** The client's round trip to the online server, in nanoseconds. */
    public long clientRttNs() {
        return clientRoundTrip.ns();
    }

    /**
     * For how long the first packet of the window waits since its client sent it; since the target spoke last, where the client has not
     * said anything yet; in nanoseconds of the sessions' time, 0 where nothing is waited for.
     */
    public long waitingForNs(long nowNs) {
        if (window.isEmpty()) {
            return sender.payloadWasSent() ? 0 : nowNs - tcb.lastResponseNs;
        }
        ClientTime clientTime = context.clientTime();
        return clientTime.replayedIn(clientTime.nowNs() - window.first().clientNs());
    }

    /** For how long payload of the window has waited since it was captured, in nanoseconds; 0 where there is none. */
    public long waitedNs(long loopNs) {
        Packet oldest = window.firstPayload();
        boolean isKnown = oldest != null && oldest.capturedNs() != OutgoingPacket.TIME_UNKNOWN;
        return isKnown ? loopNs - oldest.capturedNs() : 0;
    }

    /** The session of the same client address and port that follows when this one is over, or null. */
    public Session successor() {
        return successor;
    }

    /** Has another session of the same client address and port follow when this one is over; null for none. */
    public void successor(Session next) {
        successor = next;
    }
}
