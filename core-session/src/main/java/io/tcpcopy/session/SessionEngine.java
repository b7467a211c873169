package io.tcpcopy.session;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.ChecksumState;
import io.tcpcopy.packet.ChecksumTrust;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.session.admit.Admission;
import io.tcpcopy.session.admit.PacketCopier;
import io.tcpcopy.session.admit.Targets;
import io.tcpcopy.session.arrival.ClientChecksums;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.arrival.Response;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.SessionGauge;
import io.tcpcopy.session.base.SessionIdentity;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.TargetLink;
import io.tcpcopy.session.connection.Session;
import io.tcpcopy.session.connection.SessionContext;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.HeldPayload;
import io.tcpcopy.session.ledger.Ledger;
import io.tcpcopy.session.shed.CopiedShare;
import io.tcpcopy.session.shed.Shedding;
import io.tcpcopy.session.table.EndedSession;
import io.tcpcopy.session.table.Sessions;
import io.tcpcopy.session.table.Successors;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Replays client connections towards targets: takes captured packets and returned responses, gives each to its session, and
 * says by {@link #nextDeadlineNs} when it wants to be called without either.
 */
public final class SessionEngine implements PacketCopier {
    /** Of packets that wait for targets: about what 100 connections have, so that no listen queue overflows. */
    private static final int MANY_PACKETS = 512;

    private final SessionContext context;
    private final Settings settings;
    private final TargetLink link;
    private final Targets targets;
    private final Admission admission;
    private final Sessions sessions;
    private final Shedding shedding;
    private final Counters<Verdict> verdicts = new Counters<>(Verdict.class);
    private final ClientPacket client = new ClientPacket();
    private final ClientChecksums clientChecksums = new ClientChecksums();
    private final Response response = new Response();
    private final Flow flow = new Flow();

    /** The time of this turn for the loop; for the sessions see {@link io.tcpcopy.session.base.Pause}. */
    private long loopNs;
    /** The time of this turn for the sessions. */
    private long nowNs;

    /**
     * An engine without sessions.
     *
     * @param faults hears of each exception that a session ended with: a fault of this program
     */
    public SessionEngine(Settings settings, TargetLink link, Routes routes, Consumer<RuntimeException> faults) {
        this.settings = settings;
        this.link = link;
        context = new SessionContext(settings, link, routes, faults);
        targets = new Targets(settings);
        admission = new Admission(settings, targets);
        sessions = new Sessions(context);
        shedding = new Shedding(context);
    }

    @Override
    public void turn(long newLoopNs) {
        loopNs = newLoopNs;
        nowNs = context.pause().sessionNs(newLoopNs);
        context.clientTime().turn(nowNs, !sessions.memory().exceedsHalf());
    }

    // -------------------------------------------------------------------------------------------------- client packets

    @Override
    public boolean admit(CapturedPacket packet) {
        Verdict verdict = client.parse(packet);
        if (client.isAddressed()) {
            Verdict judgement = admission.judge(client.flow(), nowNs);
            verdict = judgement == Verdict.TAKEN ? verdict : judgement;
        }
        if (verdict == Verdict.TAKEN && !isIntact()) {
            verdict = Verdict.BAD_CHECKSUM;
        }
        verdicts.increment(verdict);
        if (verdict != Verdict.TAKEN) {
            return false;
        }
        context.clientTime().captured(packet.arrivalNs());
        client.firstPart();
        return true;
    }

    /**
     * Whether the online server takes a packet. While its connection has not shown what its checksums are like, those of its client's
     * others tell; what is not taken then is not noted of the connection: two damaged packets in a row must not make the third one
     * believed.
     */
    private boolean isIntact() {
        ChecksumState checksum = client.checksum(settings.mtu());
        boolean likeOthers = clientChecksums.takes(client.flow(), checksum);
        ChecksumTrust own = checksumsOfConnection();
        if (own == null) {
            return likeOthers;
        }
        return (likeOthers || !own.isUndecided()) && own.takes(checksum);
    }

    private ChecksumTrust checksumsOfConnection() {
        Session session = sessions.byCaptured(client.flow(), 0);
        if (session != null) {
            return session.checksums();
        }
        EndedSession before = sessions.endedByCaptured(client.flow(), 0);
        return before == null ? null : before.checksums();
    }

    @Override
    public void takeAdmitted(long capturedNs) {
        boolean isKnown = capturedNs != OutgoingPacket.TIME_UNKNOWN;
        client.capturedNs(capturedNs);
        client.clientNs(context.clientTime().agoNs(isKnown ? Math.max(0, loopNs - capturedNs) : 0));
        count();
        if (shedding.takes(client, nowNs) || shedding.isOn() && isLeftOut()) {
            return;
        }
        for (int copy = 0; copy < settings.copies(); copy++) {
            client.firstPart();
            do {
                takeOrFail(copy);
            } while (client.nextPart());
        }
    }

    /** The statistics leave out pure ACKs of established sessions. */
    private void count() {
        client.firstPart();
        if (client.isSyn()) {
            context.count(SessionCounter.CLIENT_SYNS);
        }
        if (client.wholePayloadLength() > 0) {
            context.count(SessionCounter.CLIENT_PACKETS_WITH_PAYLOAD);
        }
        Session session = sessions.byCaptured(client.flow(), 0);
        if (!client.isPureAck() || session == null || !session.isHandshakeAckSent()) {
            context.count(SessionCounter.CLIENT_PACKETS);
        }
    }

    /** Whether the connection that begins with this packet is left out. */
    private boolean isLeftOut() {
        client.firstPart();
        boolean mayBegin =
                client.isSyn() || client.payloadLength() > 0 && !client.isRst() && !client.isKeepaliveProbe();
        if (!mayBegin || !isChosen() || isKnown()) {
            return false;
        }
        shedding.leaveOut(client, nowNs);
        return true;
    }

    private boolean isChosen() {
        admission.writeFlow(0, flow);
        return shedding.chooses(client.flow(), context.rooms().of(flow));
    }

    /** No connection is left out of which there is a session, or was: what looks like another one may be a stray packet. */
    private boolean isKnown() {
        for (int copy = 0; copy < settings.copies(); copy++) {
            EndedSession before = sessions.endedByCaptured(client.flow(), copy);
            boolean mayGoOn = before != null
                    && (!client.isSyn()
                            || before.connection().mayGoOn()
                            || before.connection().isOpenedBy(client.seq()));
            if (mayGoOn
                    || sessions.byCaptured(client.flow(), copy) != null
                    || sessions.openedBy(client, copy, null) != null) {
                return true;
            }
        }
        return false;
    }

    private void takeOrFail(int copy) {
        try {
            take(copy);
        } catch (RuntimeException e) {
            sessions.fail(sessions.byCaptured(client.flow(), copy), e, nowNs);
        }
    }

    private void take(int copy) {
        // Not at the turn's end: many packets fit in a turn, each with many copies.
        sessions.relieveMemory(nowNs);
        if (client.isSyn()) {
            takeSyn(copy);
            return;
        }
        if (sessions.doubtedTakes(client, copy, nowNs)) {
            return;
        }
        Session session = sessions.byCaptured(client.flow(), copy);
        if (session != null && Successors.ownerOf(client, session).isOfAnotherConnection(client)) {
            context.count(SessionCounter.OBSOLETE);
            sessions.end(session, DropReason.GAP, nowNs);
            session = sessions.byCaptured(client.flow(), copy);
        }
        if (session == null) {
            takeWithoutSession(copy);
        } else {
            Successors.ownerOf(client, session).process(client, nowNs);
            sessions.settle(session, nowNs);
        }
    }

    private void takeSyn(int copy) {
        Session session = sessions.byCaptured(client.flow(), copy);
        Session opened = sessions.openedBy(client, copy, session);
        if (opened != null) {
            sessions.synRepeated(opened, client, nowNs);
        } else if (session == null) {
            takeSynWithoutSession(copy);
        } else if (session.hasClientLeft()) {
            sessions.end(session, DropReason.REUSED, nowNs);
            takeSyn(copy);
        } else {
            sessions.doubt(session.identity(), client, nowNs);
        }
    }

    private void takeSynWithoutSession(int copy) {
        EndedSession before = sessions.endedByCaptured(client.flow(), copy);
        if (before != null && isDoubled(before)) {
            context.count(SessionCounter.CLIENT_RETRANSMISSIONS);
            return;
        }
        boolean sameSyn = before != null && before.connection().isOpenedBy(client.seq());
        if (before != null && before.connection().mayGoOn() && !sameSyn) {
            sessions.doubt(before.identity(), client, nowNs);
            return;
        }
        Session opened = open(copy);
        if (opened != null) {
            opened.begin(client, nowNs);
            sessions.connect(opened, nowNs);
        }
    }

    /** Whether a SYN is a doubled one of a connection that is over. In a file equal connections may be those of a generator of packets. */
    private boolean isDoubled(EndedSession before) {
        return settings.speedUp() == Settings.LIVE && before.connection().isSynDoubled(client.seq(), client.id());
    }

    private void takeWithoutSession(int copy) {
        if (client.payloadLength() == 0 || client.isRst() || client.isKeepaliveProbe()) {
            context.count(SessionCounter.CLIENT_WITHOUT_SESSION);
            return;
        }
        EndedSession before = sessions.endedByCaptured(client.flow(), copy);
        if (before != null && isRefusedAfter(before)) {
            return;
        }
        if (settings.wholeSessionsOnly()) {
            context.count(SessionCounter.CLIENT_WITHOUT_SESSION);
            return;
        }
        long formerRttNs = before == null ? 0 : before.clientRttNs();
        Session opened = open(copy);
        if (opened == null) {
            context.ledger().refused(client.payloadLength(), true, DropReason.NO_PORT);
            return;
        }
        context.count(SessionCounter.STARTED_MID_STREAM);
        opened.beginMidStream(client, formerRttNs, nowNs);
        sessions.connect(opened, nowNs);
    }

    /** Whether payload belongs to a session that has ended: repeated, or the rest of what it had. */
    private boolean isRefusedAfter(EndedSession before) {
        if (before.connection().isBeforeJoined(client.seq())) {
            context.ledger().refused(client.payloadLength(), true, DropReason.FORMER_CONNECTION);
            return true;
        }
        int had = before.connection().payloadHad(client.seq(), client.payloadLength());
        int reached = before.connection().payloadReached(client.seq(), client.payloadLength());
        if (reached == 0 && !before.isRestOfRequest(client)) {
            if (before.connection().isOvertaken(client.seq())) {
                context.ledger().refused(client.payloadLength(), true, DropReason.FORMER_CONNECTION);
                return true;
            }
            return false;
        }
        if (had == client.payloadLength()) {
            context.ledger().refused(had, false, DropReason.DUPLICATE);
            context.count(SessionCounter.CLIENT_RETRANSMISSIONS);
            return true;
        }
        context.ledger().refused(had, false, DropReason.OLD_PART);
        refuseInHole(reached - had, before);
        context.ledger().refused(client.payloadLength() - reached, false, DropReason.REQUEST_CUT);
        return true;
    }

    /** What was missing before other bytes when the session ended, as far as is known. */
    private void refuseInHole(int bytes, EndedSession before) {
        if (bytes > 0) {
            context.ledger().refused(bytes, !before.isRestOfRequest(client), DropReason.FORMER_CONNECTION);
        }
    }

    /** A session for a copy of the client's connection, or null when no port is free towards the target. */
    private Session open(int copy) {
        admission.writeFlow(copy, flow);
        return sessions.open(client.flow(), copy, flow, nowNs);
    }

    // --------------------------------------------------------------------------------------------- replay of a capture

    /** More waits for them than a server has to do at once, or a client's port is used again whose session is not over. */
    @Override
    public boolean isBehind() {
        return sessions.memory().packets() > MANY_PACKETS || wouldHaveToFollow();
    }

    private boolean wouldHaveToFollow() {
        if (!client.isSyn()) {
            return false;
        }
        Session session = sessions.byCaptured(client.flow(), 0);
        return session != null && sessions.openedBy(client, 0, session) == null;
    }

    /** Without that sessions have to end for it. */
    @Override
    public boolean hasRoom() {
        return !context.pause().isOn() && !sessions.memory().exceedsHalf();
    }

    /** Sessions end when the targets have answered. */
    @Override
    public void captureEnded() {
        context.clientTime().end();
        sessions.dispatchAll(nowNs);
    }

    /** All sessions end. The target still knows the ports that clients had. */
    @Override
    public void captureBeginsAgain() {
        endAll(DropReason.STOPPED);
        sessions.forgetEnded();
        admission.shiftPorts();
        context.clientTime().begin();
    }

    // ------------------------------------------------------------------------------------------------------- responses

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
        countResponse();
        if (!targets.mayAnswer(response.flow())) {
            context.count(SessionCounter.RESPONSES_NOT_OF_TARGET);
            return;
        }
        Session session = sessions.byFlow(response.flow());
        if (session == null) {
            respondWithoutSession();
            return;
        }
        try {
            session.process(response, nowNs);
            sessions.settle(session, nowNs);
        } catch (RuntimeException e) {
            sessions.fail(session, e, nowNs);
        }
    }

    private void countResponse() {
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
    }

    private void respondWithoutSession() {
        EndedSession ended = sessions.endedByFlow(response.flow());
        if (ended != null) {
            if (!ended.ignoresResponse()) {
                resetAnswering(ended.identity());
            }
            return;
        }
        SessionIdentity left = sessions.leftByFlow(response.flow());
        if (left == null) {
            context.count(SessionCounter.RESPONSES_WITHOUT_SESSION);
        } else {
            resetAnswering(left);
        }
    }

    /** RFC 9293, section 3.10.7.1. */
    private void resetAnswering(SessionIdentity former) {
        if (!response.isRst() && !context.pause().isOn()) {
            context.transmitter().sendReset(former.flow(), response.ack());
        }
    }

    // ------------------------------------------------------------------------------------------------------------ time

    @Override
    public long nextDeadlineNs() {
        if (sessions.memory().exceedsBudget()) {
            return loopNs;
        }
        return context.pause().deadlineNs(Math.min(sessions.nextDeadlineNs(), shedding.nextDeadlineNs()));
    }

    @Override
    public void runDue() {
        sessions.dispatchDue(nowNs);
        shedding.runDue(nowNs);
        if (context.pause().limitReached(loopNs)) {
            endAll(DropReason.NO_INTERCEPT);
        }
        sessions.relieveMemory(nowNs);
    }

    @Override
    public long dropUnwantedMemory() {
        return sessions.memory().dropUnwanted();
    }

    /** The turn ends, and what was sent in it has left, as far as there was room. */
    public void turnEnded() {
        context.rooms().note(link, nowNs);
        shedding.turnEnded(nowNs);
    }

    // -------------------------------------------------------------------------------------------------------- overload

    @Override
    public void captureIsNarrow(double throughput) {
        shedding.captureIsNarrow(throughput, nowNs);
    }

    /** Which part of the new connections is copied to each target. */
    public List<CopiedShare> copiedShares() {
        return shedding.shares();
    }

    // ------------------------------------------------------------------------------------------------------ intercepts

    /** No intercept is connected any more: sessions wait for a while. */
    public void pause() {
        context.pause().begin(loopNs);
    }

    /** An intercept is connected again, and the routes are on their way to it. */
    public void resume() {
        context.pause().end(loopNs);
        sessions.dispatchAll(nowNs);
    }

    /** Shows the routes of all sessions that live. */
    public void forEachRoute(Routes.Visitor visitor) {
        sessions.forEachRoute(visitor);
    }

    @Override
    public void stop() {
        endAll(DropReason.STOPPED);
    }

    void endAll(DropReason reason) {
        sessions.endAll(reason, nowNs);
    }

    // --------------------------------------------------------------------------------------------------------- numbers

    @Override
    public void addTo(Metrics metrics) {
        metrics.add(Verdict.class, verdicts)
                .add(SessionCounter.class, context.counters())
                .add(SessionGauge.LIVE, sessions::live)
                .add(SessionGauge.ENDED, sessions::ended)
                .add(SessionGauge.OLDEST_WAITING, () -> sessions.oldestWaitingNs(loopNs))
                .add(SessionGauge.SHED, shedding::size)
                .add(SessionGauge.COPIED_OF_100, shedding::percent)
                .add(SessionGauge.MEMORY, () -> sessions.memory().bytes() + shedding.bytes())
                .add(SessionGauge.SLABS, () -> sessions.memory().slabBytes());
        metrics.add(context.responseTimes());
        context.ledger().addTo(metrics);
        context.held().addTo(metrics);
    }

    /** What became of the clients' payload. */
    public Ledger ledger() {
        return context.ledger();
    }

    /** What the sessions hold now: the ledger's waiting, if it balances. */
    public HeldPayload held() {
        return context.held();
    }

    /** Shows every session, those that wait to follow another one included. */
    void forEachSession(Consumer<Session> action) {
        sessions.forEach(action);
    }

    /** The same without those that are in doubt. */
    void forEachRealSession(Consumer<Session> action) {
        sessions.forEachReal(action);
    }

    @Override
    public int liveSessions() {
        return sessions.live();
    }
}
