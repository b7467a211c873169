package io.tcpcopy.session;

import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.session.admit.Admission;
import io.tcpcopy.session.admit.PacketCopier;
import io.tcpcopy.session.admit.Targets;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.SessionGauge;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.TargetLink;
import io.tcpcopy.session.connection.Session;
import io.tcpcopy.session.connection.SessionContext;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.HeldPayload;
import io.tcpcopy.session.ledger.Ledger;
import io.tcpcopy.session.shed.CopiedShare;
import io.tcpcopy.session.shed.Shedding;
import io.tcpcopy.session.table.Sessions;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Replays client connections towards targets: takes captured packets and returned responses, gives each to its session, and
 * says by {@link #nextDeadlineNs} when it wants to be called without either.
 */
public final class SessionEngine implements PacketCopier {
    private final SessionContext context;
    private final TargetLink link;
    private final Admission admission;
    private final Sessions sessions;
    private final Shedding shedding;
    private final ClientIntake clients;
    private final ResponseIntake responses;
    private final ReplayLead replayLead;

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
        this.link = link;
        context = new SessionContext(settings, link, routes, faults);
        Targets targets = new Targets(settings);
        admission = new Admission(settings, targets);
        sessions = new Sessions(context);
        shedding = new Shedding(context);
        clients = new ClientIntake(context, admission, sessions, shedding);
        responses = new ResponseIntake(context, targets, sessions);
        replayLead = new ReplayLead(context.handshakes());
    }

    @Override
    public void turn(long newLoopNs) {
        loopNs = newLoopNs;
        nowNs = context.pause().sessionNs(newLoopNs);
        context.clientTime().turn(nowNs, !sessions.memory().exceedsHalf());
        replayLead.turn(nowNs);
    }

    // -------------------------------------------------------------------------------------------------- client packets

    @Override
    public boolean admit(CapturedPacket packet) {
        return clients.admit(packet, nowNs);
    }

    @Override
    public void takeAdmitted(long capturedNs) {
        clients.takeAdmitted(capturedNs, loopNs, nowNs);
    }

    // --------------------------------------------------------------------------------------------- replay of a capture

    /** More waits for them than a server has to do at once, or a client's port is used again whose session is not over. */
    @Override
    public boolean isBehind() {
        return sessions.memory().packets() > replayLead.packets() || clients.wouldHaveToFollow();
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
        responses.take(record, offset, length, nowNs);
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
        context.targets().note(link, nowNs);
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
        metrics.add(Verdict.class, clients.verdicts())
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
