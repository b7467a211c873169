package io.tcpcopy.session.table;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.SessionIdentity;
import io.tcpcopy.session.connection.Session;
import io.tcpcopy.session.connection.SessionContext;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.timer.TimerHeap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The life of sessions: they are opened, found, called when something is due, and remembered for a while after their end.
 * Whatever happens to a session ends with {@link #settle}.
 */
public final class Sessions {
    /** A timer that is due but has nothing to do must not stop the loop's progress. */
    private static final long MIN_TIMER_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private static final int REFUSED_LOG = 12;
    private static final int REFUSED_MS = 6000;

    private final SessionContext context;
    private final SessionTable table;
    private final EndedSessions ended;
    private final LeftPairs leftPairs;
    private final DoubtedSessions doubted;
    private final PortChoice ports;
    /** Connections without a free port, for as long as what is left of a session. */
    private final RecentlyRefused refused = new RecentlyRefused(REFUSED_LOG, REFUSED_MS);

    private final RecentlyRefused refusedRequests = new RecentlyRefused(REFUSED_LOG, REFUSED_MS);

    private final MemoryUse memory;
    private final SessionTimers timers;
    private final SessionIdentity identity;

    private final Flow otherFlow = new Flow();

    private int nextNumber;
    /** While it is being looked for. */
    private long longestWaitNs;

    /** There is no session yet. */
    public Sessions(SessionContext context) {
        this.context = context;
        table = new SessionTable(context);
        ended = new EndedSessions(context);
        leftPairs = new LeftPairs(context);
        doubted = new DoubtedSessions(context.settings().copies(), this::dropStray);
        ports = new PortChoice(context.settings().part(), table, ended, leftPairs);
        memory = new MemoryUse(context, table, ended);
        timers = new SessionTimers(context.targets());
        identity = new SessionIdentity(context.settings().dnat());
    }

    // --------------------------------------------------------------------------------------------------------- finding

    /**
     * The session of a client's connection, the first one in line, or null.
     *
     * @param captured the real client and the online server
     * @param copy which of the copies is meant, 0 for the first
     */
    public Session byCaptured(Flow captured, int copy) {
        return table.byCaptured(captured, copy);
    }

    /** The session that uses a flow towards its target, or null. */
    public Session byFlow(Flow flow) {
        return table.byFlow(flow);
    }

    /** What is left of the session of a client's connection, or null; parameters as in {@link #byCaptured}. */
    public EndedSession endedByCaptured(Flow captured, int copy) {
        return ended.byCaptured(captured, copy);
    }

    /** What is left of the session that used a flow towards its target, or null. */
    public EndedSession endedByFlow(Flow flow) {
        return ended.byFlow(flow);
    }

    /** By what a session was known that has used a flow towards its target, and left it of late for another port; or null. */
    public SessionIdentity leftByFlow(Flow flow) {
        return leftPairs.get(flow);
    }

    // --------------------------------------------------------------------------------------------------------- opening

    /**
     * Opens a session for a copy of a client's connection, which forgets what is left of the one before. It is to begin, and
     * then to {@link #connect}.
     *
     * @param captured the real client and the online server
     * @param copy which of the copies it is, 0 for the first
     * @param flow between whom the copy is to go; its client port is changed where that is in use
     * @return the session, or null when no port is free towards the target, which is counted once for a connection
     */
    public Session open(Flow captured, int copy, Flow flow, long nowNs) {
        EndedSession before = ended.byCaptured(captured, copy);
        if (!takePort(flow, before, nowNs)) {
            if (refused.add(refusedKey(captured, copy), nowNs)) {
                context.count(SessionCounter.NO_PORT);
            }
            return null;
        }
        Session session = open(captured, copy, flow, nextNumber++);
        noteFormer(session, before);
        return session;
    }

    /** Makes a flow's client port one that no other session uses; what is left of the same client's, or null, is forgotten. */
    private boolean takePort(Flow flow, EndedSession before, long nowNs) {
        ended.forget(before);
        int wantedPort = flow.clientPort();
        boolean found = ports.choose(flow, nowNs);
        if (before != null && !(found && flow.equals(before.identity().flow()))) {
            ended.withdrawRoute(before);
        }
        if (found && flow.clientPort() != wantedPort) {
            context.count(SessionCounter.PORT_CHANGED);
        }
        return found;
    }

    /**
     * Payload of a client's connection is refused, in which the client acknowledges {@code ack}.
     *
     * @return whether nothing of the same request was refused of late
     */
    public boolean requestRefused(Flow captured, int copy, int ack, long nowNs) {
        return refusedRequests.add(refusedKey(captured, copy) * 31 + ack, nowNs);
    }

    private static long refusedKey(Flow captured, int copy) {
        long client = (long) captured.clientAddress() << Integer.SIZE | (long) captured.clientPort() << Short.SIZE;
        return client + captured.serverAddress() * 31L + captured.serverPort() * 1021L + copy;
    }

    private static void noteFormer(Session session, EndedSession before) {
        if (before != null) {
            session.former().copyFrom(before.connection());
            session.checksums().copyFrom(before.checksums());
        }
    }

    private Session open(Flow captured, int copy, Flow flow, int number) {
        identity.set(captured, copy, flow, number);
        Session session = table.take();
        session.open(identity);
        return session;
    }

    /** Puts a session that has begun into the table, and has it connect. */
    public void connect(Session session, long nowNs) {
        context.count(SessionCounter.SESSIONS);
        putAndConnect(session, nowNs);
    }

    private void putAndConnect(Session session, long nowNs) {
        table.put(session);
        session.connect(nowNs);
        settle(session, nowNs);
    }

    /**
     * A SYN of a client whose connection is live, as far as is known: a new one of the same address and port, if the client
     * goes on behind it ({@link #doubtedTakes}). Until then the session that there may be goes on.
     *
     * @param same by what the client's session is known, or was
     */
    public void doubt(SessionIdentity same, ClientPacket syn, long nowNs) {
        Session next = open(same.captured(), same.copy(), same.flow(), nextNumber++);
        next.begin(syn, nowNs);
        doubted.add(next, nowNs);
    }

    /** The client has not gone on behind a SYN. */
    private void dropStray(Session stray) {
        context.count(SessionCounter.CLIENT_SYNS_NOT_BELIEVED);
        stray.end(DropReason.REUSED, false);
        table.release(stray);
    }

    /**
     * The session, of those that live or wait to, that a client has opened with this SYN before; null if none.
     *
     * @param live the first one in line of the same client, or null
     */
    public Session openedBy(ClientPacket syn, int copy, Session live) {
        Session opened = Successors.openedBy(syn, live);
        return opened == null ? doubted.openedBy(syn, copy) : opened;
    }

    /** Keeps what is left of a session for longer: its client goes on with what the session had. */
    public void renew(EndedSession record, long nowNs) {
        ended.renew(record, nowNs);
    }

    /** The client has repeated the SYN that it opened a session with. */
    public void synRepeated(Session session, ClientPacket syn, long nowNs) {
        session.synRepeated(syn);
        doubted.synRepeated(session, nowNs);
    }

    /**
     * Gives a packet to the session in doubt that it belongs to. If it shows that the client has gone on behind the SYN, that
     * session becomes real, one before it has to hurry, and the packet is left to it as to any other.
     *
     * @return whether the packet is done with
     */
    public boolean doubtedTakes(ClientPacket packet, int copy, long nowNs) {
        if (doubted.isEmpty()) {
            return false;
        }
        Session live = byCaptured(packet.flow(), copy);
        Session former = live == null ? null : Successors.ownerOf(packet, live);
        EndedSession before = endedByCaptured(packet.flow(), copy);
        Session owner = doubted.ownerOf(packet, copy, former, before);
        if (owner == null) {
            return false;
        }
        if (!packet.acknowledges()) {
            owner.process(packet, nowNs);
            return true;
        }
        believe(owner, live, before, nowNs);
        return false;
    }

    /**
     * A session that was in doubt is real.
     *
     * @param live the first one in line of the same client, or null
     * @param before what is left of the one that was live before; or null
     */
    public void believe(Session session, Session live, EndedSession before, long nowNs) {
        doubted.believe(session);
        if (live != null) {
            succeed(live, session, nowNs);
            return;
        }
        otherFlow.copyFrom(session.identity().flow());
        if (!takePort(otherFlow, before, nowNs)) {
            context.count(SessionCounter.NO_PORT);
            session.end(DropReason.NO_PORT, false);
            table.release(session);
            return;
        }
        session.clientPort(otherFlow.clientPort());
        noteFormer(session, before);
        connect(session, nowNs);
    }

    private void succeed(Session live, Session successor, long nowNs) {
        context.count(SessionCounter.SESSIONS);
        successor.clientPort(live.identity().flow().clientPort());
        Session replaced = Successors.append(successor, live);
        if (replaced != null) {
            context.count(SessionCounter.SUCCESSOR_REPLACED);
            replaced.end(DropReason.REUSED, false);
            release(replaced);
        }
        live.hurry(nowNs);
    }

    // ------------------------------------------------------------------------------------------------------------ time

    /** Every event of a session ends here: a session that is over leaves the table, another gets its timer. */
    public void settle(Session session, long nowNs) {
        // What is due is done in this turn, however often something arrives.
        settle(session, nowNs, nowNs);
    }

    private void settle(Session session, long earliestNs, long nowNs) {
        if (session.isPairRefused() && !context.pause().isOn()) {
            useOtherPort(session, nowNs);
        }
        if (!session.isOver()) {
            timers.schedule(session, Math.max(session.deadlineNs(nowNs), earliestNs));
            return;
        }
        timers.cancel(session);
        table.remove(session);
        ports.used(session.identity().flow(), nowNs);
        Session successor = session.successor();
        if (successor == null) {
            ended.add(session, nowNs);
        } else {
            context.count(SessionCounter.RELEASED);
            session.noteEnd(successor.former());
            putAndConnect(successor, nowNs);
        }
        table.release(session);
    }

    /**
     * The target still has a connection of the session's addresses and ports, and does not give it up: the session, and those
     * that wait in line behind it, go on from another port.
     */
    private void useOtherPort(Session session, long nowNs) {
        SessionIdentity left = session.identity();
        otherFlow.copyFrom(left.flow());
        ports.used(otherFlow, nowNs);
        session.leavePair();
        if (!ports.chooseForgotten(otherFlow, nowNs)) {
            context.count(SessionCounter.NO_OTHER_PORT);
            session.end(DropReason.NO_PORT, false);
            return;
        }
        context.count(SessionCounter.PAIR_LEFT);
        leftPairs.add(left, nowNs);
        table.remove(session);
        for (Session inLine = session; inLine != null; inLine = inLine.successor()) {
            inLine.clientPort(otherFlow.clientPort());
        }
        table.put(session);
        session.connectAnew(nowNs);
    }

    /** When {@link #dispatchDue} is wanted, or {@link TimerHeap#NEVER}. */
    public long nextDeadlineNs() {
        long nextNs = Math.min(timers.nextDeadlineNs(), doubted.nextDeadlineNs());
        return Math.min(nextNs, Math.min(ended.nextDeadlineNs(), leftPairs.nextDeadlineNs()));
    }

    /** Has sessions do what is due, and forgets those that ended long ago. */
    public void dispatchDue(long nowNs) {
        for (Session session = timers.poll(nowNs); session != null; session = timers.poll(nowNs)) {
            dispatch(session, nowNs + MIN_TIMER_NS, nowNs);
        }
        doubted.expireDue(nowNs);
        ended.expireDue(nowNs);
        leftPairs.expireDue(nowNs);
    }

    /** Has all sessions look what there is to do: something has changed for all of them. */
    public void dispatchAll(long nowNs) {
        for (Session session : table.all()) {
            dispatch(session, nowNs, nowNs);
        }
    }

    private void dispatch(Session session, long earliestNs, long nowNs) {
        try {
            session.dispatch(nowNs);
            settle(session, earliestNs, nowNs);
        } catch (RuntimeException e) {
            fail(session, e, nowNs);
        }
    }

    // ------------------------------------------------------------------------------------------------------------- end

    /** Ends a session for a reason; its target is told. */
    public void end(Session session, DropReason reason, long nowNs) {
        try {
            session.end(reason, true);
        } catch (RuntimeException e) {
            // It is over, but for its target's knowing.
            context.fault(e);
        }
        settle(session, nowNs);
    }

    /**
     * A fault of this program costs the session that it happened in, and no other one.
     *
     * @param session which may be null, where the fault came before there was one
     */
    public void fail(Session session, RuntimeException fault, long nowNs) {
        context.fault(fault);
        if (session != null) {
            end(session, DropReason.FAULT, nowNs);
        }
    }

    /** Ends all sessions for a reason, those that wait included; each target is told. */
    public void endAll(DropReason reason, long nowNs) {
        doubted.expireAll();
        for (Session session : table.all()) {
            endLine(session, reason, nowNs);
        }
    }

    /** Ends the sessions that wait longest, if there is too little memory for all. */
    public void relieveMemory(long nowNs) {
        if (memory.exceedsBudget()) {
            doubted.expireAll();
            memory.relieve(
                    session -> {
                        context.count(SessionCounter.OBSOLETE);
                        endLine(session, DropReason.MEMORY, nowNs);
                    },
                    nowNs);
        }
    }

    private void endLine(Session first, DropReason reason, long nowNs) {
        Session waiting = Successors.dismiss(first);
        while (waiting != null) {
            Session next = Successors.dismiss(waiting);
            waiting.end(reason, false);
            release(waiting);
            waiting = next;
        }
        end(first, reason, nowNs);
    }

    private void release(Session session) {
        context.count(SessionCounter.RELEASED);
        table.release(session);
    }

    /** For how long what waits longest has waited since it was captured, in nanoseconds; 0 where nothing waits. */
    public long oldestWaitingNs(long loopNs) {
        longestWaitNs = 0;
        table.forEach(session -> longestWaitNs = Math.max(longestWaitNs, session.waitedNs(loopNs)));
        return longestWaitNs;
    }

    /** Forgets all sessions that have ended, and pairs that were left. */
    public void forgetEnded() {
        ended.expireAll();
        leftPairs.expireAll();
    }

    // ----------------------------------------------------------------------------------------------- seen from outside

    /** The memory that they take. */
    public MemoryUse memory() {
        return memory;
    }

    /** How many live, without those that wait in line. */
    public int live() {
        return table.size();
    }

    /** How many have ended, and are remembered. */
    public int ended() {
        return ended.size();
    }

    /** Shows the routes of all that live. */
    public void forEachRoute(Routes.Visitor visitor) {
        table.forEach(session ->
                visitor.route(session.identity().number(), session.identity().flow()));
    }

    /** Shows every session, those that wait in line or are in doubt included. */
    public void forEach(Consumer<Session> action) {
        doubted.forEach(action);
        forEachReal(action);
    }

    /** Shows every session that lives or waits in line. */
    public void forEachReal(Consumer<Session> action) {
        table.forEach(first -> {
            for (Session session = first; session != null; session = session.successor()) {
                action.accept(session);
            }
        });
    }
}
