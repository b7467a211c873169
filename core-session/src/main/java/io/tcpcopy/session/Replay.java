package io.tcpcopy.session;

import io.tcpcopy.counters.Counters;
import io.tcpcopy.flow.FlowKey;
import io.tcpcopy.timer.TimerHeap;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Replays client connections towards targets: takes captured packets and returned responses, and says by
 * {@link #nextDeadlineNs} when it wants to be called without either.
 */
public final class Replay implements PacketCopier {
    /** A timer that is due but has nothing to do must not stop the loop's progress. */
    private static final long MIN_TIMER_NS = TimeUnit.MICROSECONDS.toNanos(100);
    /** Of packets that wait for targets: about what 100 connections have, so that no listen queue overflows. */
    private static final int MANY_PACKETS = 512;

    private final SessionContext context;
    private final Settings settings;
    private final Targets targets;
    private final Admission admission;
    private final PortShift portShift;
    private final SessionTable table;
    private final EndedSessions ended;
    private final PortChoice ports;
    private final MemoryUse memory;
    private final TimerHeap timers = new TimerHeap();
    private final Counters<Verdict> verdicts = new Counters<>(Verdict.class);
    private final ClientPacket client = new ClientPacket();
    private final Response response = new Response();

    /** The time of this turn for the loop; for the sessions see {@link Pause}. */
    private long loopNs;

    private int nextTurn;

    /** A replay without sessions. */
    public Replay(Settings settings, TargetLink link, Routes routes) {
        this.settings = settings;
        context = new SessionContext(settings, link, routes);
        targets = new Targets(settings.transfers(), settings.dnat());
        admission = new Admission(settings, targets);
        portShift = new PortShift(settings.portShiftFactor());
        table = new SessionTable(context);
        ended = new EndedSessions(context);
        ports = new PortChoice(table, ended);
        memory = new MemoryUse(context, table, ended);
    }

    @Override
    public void turn(long nowNs) {
        loopNs = nowNs;
        context.nowNs = context.pause.sessionNs(nowNs);
        context.clients.turn(context.nowNs);
    }

    /**
     * From now on no longer packet leaves for a target: those that wait, or are repeated, are cut as well.
     *
     * @param bytes what the way takes; {@link Settings#mtu} stays the upper bound
     */
    public void mtu(int bytes) {
        context.mtu = settings.mtuOnWay(bytes);
    }

    /** The longest packet that leaves for a target, in bytes. */
    public int mtu() {
        return context.mtu;
    }

    // ------------------------------------------------------------------------------------------------ client packets

    @Override
    public boolean admit(ByteBuffer buffer, int offset, int length, int wireLength, long arrivalNs) {
        Verdict verdict = client.parse(buffer, offset, length, wireLength, arrivalNs);
        if (client.isAddressed()) {
            Verdict judgement = admission.judge(
                    client.sourceAddress(),
                    client.sourcePort(),
                    client.destinationAddress(),
                    client.destinationPort(),
                    context.nowNs);
            verdict = judgement == Verdict.TAKEN ? verdict : judgement;
        }
        verdicts.increment(verdict);
        if (verdict != Verdict.TAKEN) {
            return false;
        }
        context.clients.captured(arrivalNs);
        client.firstPart(context.mtu);
        return true;
    }

    @Override
    public void takeAdmitted() {
        for (int copy = 0; copy < settings.copies(); copy++) {
            long key = clientKey(copy);
            client.firstPart(context.mtu);
            if (copy == 0) {
                count(key);
            }
            do {
                take(key, copy);
            } while (client.nextPart());
        }
    }

    /** By which the packet that was admitted finds the session that is one of its copies. */
    private long clientKey(int copy) {
        int index = admission.transferIndex() * settings.copies() + copy;
        return FlowKey.of(client.sourceAddress(), client.sourcePort(), index);
    }

    /** The statistics leave out pure ACKs of established sessions. */
    private void count(long key) {
        if (client.isSyn()) {
            context.count(SessionCounter.CLIENT_SYNS);
        }
        if (client.wholePayloadLength() > 0) {
            context.count(SessionCounter.CLIENT_PACKETS_WITH_PAYLOAD);
        }
        Session session = table.byClient(key);
        if (!client.isPureAck() || session == null || !session.handshake.thirdStepSent()) {
            context.count(SessionCounter.CLIENT_PACKETS);
        }
    }

    private void take(long key, int copy) {
        // Not at the turn's end: many packets fit in a turn, each with many copies.
        if (memory.exceedsBudget()) {
            relieveMemory();
        }
        Session session = table.byClient(key);
        if (client.isSyn()) {
            takeSyn(key, copy, session);
            return;
        }
        if (session != null && session.ownerOf(client).isOfAnotherConnection(client)) {
            context.count(SessionCounter.OBSOLETE);
            session.end(DropReason.GAP, true);
            settle(session);
            session = table.byClient(key);
        }
        if (session == null) {
            takeWithoutSession(key, copy);
        } else {
            session.ownerOf(client).accept(client);
            settle(session);
        }
    }

    private void takeSyn(long key, int copy, Session session) {
        if (session == null) {
            forget(ended.byClient(key));
            Session opened = open(key, copy);
            if (opened != null) {
                opened.beginWithSyn(client);
                begin(opened);
            }
            return;
        }
        Session opened = session.openedBy(client);
        if (opened != null) {
            opened.queueing.synRepeated(client);
        } else {
            succeed(session);
        }
    }

    /** The client uses the pair again although its session lives. */
    private void succeed(Session session) {
        context.count(SessionCounter.SESSIONS);
        Session successor = table.take();
        successor.open(
                session.clientKey,
                session.targetKey,
                session.clientAddress,
                session.clientPort,
                session.transfer,
                nextTurn++);
        successor.beginWithSyn(client);
        Session replaced = session.follow(successor);
        if (replaced != null) {
            context.count(SessionCounter.SUCCESSOR_REPLACED);
            replaced.end(DropReason.REUSED, false);
            table.release(replaced);
        }
        settle(session);
    }

    private void takeWithoutSession(long key, int copy) {
        if (client.payloadLength() == 0 || client.isRst() || client.isKeepaliveProbe()) {
            context.count(SessionCounter.CLIENT_WITHOUT_SESSION);
            return;
        }
        EndedSession before = ended.byClient(key);
        if (before != null && isRefusedAfter(before)) {
            return;
        }
        if (settings.wholeSessionsOnly()) {
            context.count(SessionCounter.CLIENT_WITHOUT_SESSION);
            return;
        }
        long knownRttNs = before == null ? 0 : before.rttNs;
        forget(before);
        Session opened = open(key, copy);
        if (opened == null) {
            context.ledger.refused(client.payloadLength(), true, DropReason.NO_PORT);
            return;
        }
        context.count(SessionCounter.STARTED_MID_STREAM);
        opened.beginMidStream(client, knownRttNs);
        begin(opened);
    }

    /** Whether payload belongs to a session that has ended: repeated, or the rest of what it had. */
    private boolean isRefusedAfter(EndedSession before) {
        int had = before.payloadHad(client);
        if (had == client.payloadLength()) {
            context.ledger.refused(had, false, DropReason.DUPLICATE);
            context.count(SessionCounter.CLIENT_RETRANSMISSIONS);
            return true;
        }
        if (had > 0 || before.isRestOfRequest(client)) {
            context.ledger.refused(had, false, DropReason.OLD_PART);
            context.ledger.refused(client.payloadLength() - had, false, DropReason.REQUEST_CUT);
            return true;
        }
        return false;
    }

    private void forget(EndedSession record) {
        if (record != null) {
            ended.remove(record);
        }
    }

    /** A session for the client's pair, or null when no port is free towards the target. */
    private Session open(long key, int copy) {
        Transfer transfer = admission.transfer();
        int target = targets.indexOf(transfer.targetAddress(), transfer.targetPort());
        int address = admission.clientAddress(copy);
        int wanted = portShift.of(client.sourcePort(), copy);
        int port = ports.free(address, wanted, target);
        if (port == PortChoice.NONE) {
            context.count(SessionCounter.NO_PORT);
            return null;
        }
        if (port != wanted) {
            context.count(SessionCounter.PORT_CHANGED);
        }
        context.count(SessionCounter.SESSIONS);
        Session session = table.take();
        session.open(key, FlowKey.of(address, port, target), address, port, transfer, nextTurn++);
        return session;
    }

    private void begin(Session session) {
        table.put(session);
        session.start();
        settle(session);
    }

    // ------------------------------------------------------------------------------------------- replay of a capture

    /** More waits for them than a server has to do at once, or the packet uses a pair again whose session is not over. */
    @Override
    public boolean isBehind() {
        return context.pool.packetsInUse() > MANY_PACKETS || wouldHaveToFollow();
    }

    private boolean wouldHaveToFollow() {
        if (!client.isSyn()) {
            return false;
        }
        Session session = table.byClient(clientKey(0));
        return session != null && session.openedBy(client) == null;
    }

    /** Without that sessions have to end for it. */
    @Override
    public boolean hasRoom() {
        return !context.pause.isOn() && !memory.exceedsHalf();
    }

    /** Sessions end when the targets have answered. */
    @Override
    public void captureEnded() {
        context.clients.end();
        lookAtAll();
    }

    /** All sessions end. The target still knows the ports that clients had. */
    @Override
    public void captureBeginsAgain() {
        endAll(DropReason.STOPPED);
        ended.expireAll();
        portShift.shiftFurther();
        context.clients.begin();
    }

    // ----------------------------------------------------------------------------------------------------- responses

    /**
     * Takes a response record of an intercept.
     *
     * @param offset index of the IPv4 header; the TCP header stands 20 bytes behind it
     * @param length of the record in bytes
     */
    public void response(ByteBuffer record, int offset, int length) {
        if (!response.parse(record, offset, length)) {
            context.count(SessionCounter.RESPONSES_MALFORMED);
            return;
        }
        context.count(SessionCounter.RESPONSES);
        if (response.payloadLength() > 0) {
            context.count(SessionCounter.RESPONSES_WITH_PAYLOAD);
        }
        if (response.isFin()) {
            context.count(SessionCounter.RESPONSE_FINS);
        }
        if (response.isRst()) {
            context.count(SessionCounter.RESPONSE_RESETS);
        }
        int target = targets.indexOf(response.targetAddress(), response.targetPort());
        if (target == Targets.NONE) {
            context.count(SessionCounter.RESPONSES_NOT_OF_TARGET);
            return;
        }
        long key = FlowKey.of(response.clientAddress(), response.clientPort(), target);
        Session session = table.byTarget(key);
        if (session != null) {
            session.respond(response);
            settle(session);
        } else {
            respondAfterEnd(ended.byTarget(key));
        }
    }

    private void respondAfterEnd(EndedSession record) {
        if (record == null) {
            context.count(SessionCounter.RESPONSES_WITHOUT_SESSION);
        } else if (!record.ignoresResponse() && !response.isRst() && !context.pause.isOn()) {
            context.segments.answerWithReset(response, record.transfer);
        }
    }

    // ---------------------------------------------------------------------------------------------------------- time

    /** When {@link #runDue} is wanted; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineNs() {
        if (memory.exceedsBudget()) {
            return loopNs;
        }
        return context.pause.deadlineNs(Math.min(timers.nextDeadlineNs(), ended.nextDeadlineNs()));
    }

    /** Does what is due at the time of this turn. */
    public void runDue() {
        for (Session session = (Session) timers.poll(context.nowNs);
                session != null;
                session = (Session) timers.poll(context.nowNs)) {
            session.due();
            settle(session, context.nowNs + MIN_TIMER_NS);
        }
        ended.expireDue();
        if (context.pause.limitReached(loopNs)) {
            endAll(DropReason.NO_INTERCEPT);
        }
        if (memory.exceedsBudget()) {
            relieveMemory();
        }
    }

    /** Every event of a session ends here: a session that is over leaves the table, another gets its timer. */
    private void settle(Session session) {
        // What is due is done in this turn, however often something arrives.
        settle(session, context.nowNs);
    }

    private void settle(Session session, long earliestNs) {
        if (!session.isOver()) {
            schedule(session, earliestNs);
            return;
        }
        timers.cancel(session);
        table.remove(session);
        Session successor = session.successor();
        if (successor == null) {
            ended.add(session);
        } else {
            context.count(SessionCounter.RELEASED);
            begin(successor);
        }
        table.release(session);
    }

    private void schedule(Session session, long earliestNs) {
        timers.schedule(session, Math.max(session.nextDeadlineNs(), earliestNs));
    }

    /** Ends the sessions that wait longest. */
    private void relieveMemory() {
        memory.relieve(session -> {
            context.count(SessionCounter.OBSOLETE);
            endWithSuccessor(session, DropReason.MEMORY);
        });
    }

    // ---------------------------------------------------------------------------------------------------- intercepts

    /** No intercept is connected any more: sessions wait for a while. */
    public void pause() {
        context.pause.begin(loopNs);
    }

    /** An intercept is connected again, and knows the routes. */
    public void resume() {
        context.pause.end(loopNs);
        lookAtAll();
    }

    private void lookAtAll() {
        for (Session session : table.all()) {
            session.due();
            settle(session);
        }
    }

    /** Shows the routes of all sessions that live. */
    public void forEachRoute(Routes.Visitor visitor) {
        Consumer<Session> show = session -> visitor.route(
                session.turn,
                session.clientAddress,
                session.clientPort,
                session.transfer.targetAddress(),
                session.transfer.targetPort());
        table.forEach(show);
    }

    /** Ends all sessions; each target is told. */
    public void endAll(DropReason reason) {
        for (Session session : table.all()) {
            endWithSuccessor(session, reason);
        }
    }

    private void endWithSuccessor(Session session, DropReason reason) {
        Session waiting = session.dismissSuccessor();
        while (waiting != null) {
            waiting.end(reason, false);
            table.release(waiting);
            waiting = waiting.dismissSuccessor();
        }
        session.end(reason, true);
        settle(session);
    }

    // ---------------------------------------------------------------------------------------------------- statistics

    /** What became of the clients' payload. */
    public Ledger ledger() {
        return context.ledger;
    }

    /** What the sessions hold now: the ledger's waiting, if it balances. */
    public HeldPayload held() {
        return context.held;
    }

    /** Shows every session, those that wait to follow another one included. */
    void forEachSession(Consumer<Session> action) {
        table.forEach(first -> {
            for (Session session = first; session != null; session = session.successor()) {
                action.accept(session);
            }
        });
    }

    /** What else is counted. */
    public Counters<SessionCounter> counters() {
        return context.counters;
    }

    @Override
    public Counters<Verdict> verdicts() {
        return verdicts;
    }

    @Override
    public int liveSessions() {
        return table.size();
    }

    /** Sessions that wait out their end. */
    public int endedSessions() {
        return ended.size();
    }

    /** Bytes of memory that sessions, their packets and what is left of ended sessions hold. */
    public long memoryBytes() {
        return memory.bytes();
    }
}
