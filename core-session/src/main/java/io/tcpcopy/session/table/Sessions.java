package io.tcpcopy.session.table;

import static io.tcpcopy.timer.TimerHeap.NEVER;

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

    private final SessionContext context;
    private final SessionTable table;
    private final EndedSessions ended;
    private final PortChoice ports;
    private final MemoryUse memory;
    private final TimerHeap timers = new TimerHeap();
    private final SessionIdentity identity;

    private final Flow otherFlow = new Flow();

    private int nextNumber;

    /** There is no session yet. */
    public Sessions(SessionContext context) {
        this.context = context;
        table = new SessionTable(context);
        ended = new EndedSessions(context);
        ports = new PortChoice(table, ended);
        memory = new MemoryUse(context, table, ended);
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

    // --------------------------------------------------------------------------------------------------------- opening

    /**
     * Opens a session for a copy of a client's connection, which forgets what is left of the one before. It is to begin, and
     * then to {@link #connect}.
     *
     * @param captured the real client and the online server
     * @param copy which of the copies it is, 0 for the first
     * @param flow between whom the copy is to go; its client port is changed where that is in use
     * @return the session, or null when no port is free towards the target
     */
    public Session open(Flow captured, int copy, Flow flow) {
        EndedSession before = ended.byCaptured(captured, copy);
        ended.forget(before);
        int wantedPort = flow.clientPort();
        if (!ports.choose(flow)) {
            context.count(SessionCounter.NO_PORT);
            return null;
        }
        if (flow.clientPort() != wantedPort) {
            context.count(SessionCounter.PORT_CHANGED);
        }
        Session session = open(captured, copy, flow, nextNumber++);
        if (before != null) {
            session.former().copyFrom(before.connection());
        }
        return session;
    }

    private Session open(Flow captured, int copy, Flow flow, int number) {
        context.count(SessionCounter.SESSIONS);
        identity.set(captured, copy, flow, number);
        Session session = table.take();
        session.open(identity);
        return session;
    }

    /** Puts a session that has begun into the table, and has it connect. */
    public void connect(Session session, long nowNs) {
        table.put(session);
        session.connect(nowNs);
        settle(session, nowNs);
    }

    /**
     * A SYN of a live session's client that is not its own: a new connection of the same address and port, if the client
     * goes on behind it ({@link #owner}). Until then the session that there is goes on.
     */
    public void succeed(Session session, ClientPacket syn, long nowNs) {
        SessionIdentity same = session.identity();
        Session successor = open(same.captured(), same.copy(), same.flow(), nextNumber++);
        successor.begin(syn, nowNs);
        successor.doubt(nowNs);
        Session replaced = Successors.append(successor, session);
        if (replaced != null) {
            context.count(SessionCounter.SUCCESSOR_REPLACED);
            replaced.end(DropReason.REUSED, false);
            table.release(replaced);
        }
        settle(session, nowNs);
    }

    /**
     * The session of a line that a client packet belongs to. If it was in doubt, the packet shows that the client has begun
     * another connection: the session before has to hurry.
     */
    public Session owner(ClientPacket packet, Session first, long nowNs) {
        Session owner = Successors.ownerOf(packet, first);
        if (owner.isInDoubt() && packet.acknowledges()) {
            owner.believe();
            forgetDoubted(first, owner, NEVER);
            first.hurry(nowNs);
        }
        return owner;
    }

    /** The client has not gone on behind a SYN: that was a stray. Parameters as in {@link Successors#removeDoubted}. */
    private void forgetDoubted(Session first, Session last, long untilNs) {
        for (Session stray = Successors.removeDoubted(first, last, untilNs);
                stray != null;
                stray = Successors.removeDoubted(first, last, untilNs)) {
            context.count(SessionCounter.CLIENT_SYNS_NOT_BELIEVED);
            context.count(SessionCounter.RELEASED);
            stray.end(DropReason.REUSED, false);
            table.release(stray);
        }
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
            long deadlineNs = Math.min(session.deadlineNs(nowNs), Successors.doubtEndsNs(session));
            timers.schedule(session, Math.max(deadlineNs, earliestNs));
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
            connect(successor, nowNs);
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
        if (!ports.chooseForgotten(otherFlow, nowNs)) {
            context.count(SessionCounter.NO_PORT);
            session.end(DropReason.NO_PORT, false);
            return;
        }
        context.count(SessionCounter.PAIR_LEFT);
        context.routes().remove(left.number(), left.flow());
        table.remove(session);
        for (Session inLine = session; inLine != null; inLine = inLine.successor()) {
            inLine.clientPort(otherFlow.clientPort());
        }
        table.put(session);
        session.connectAnew(nowNs);
    }

    /** When {@link #dispatchDue} is wanted, or {@link TimerHeap#NEVER}. */
    public long nextDeadlineNs() {
        return Math.min(timers.nextDeadlineNs(), ended.nextDeadlineNs());
    }

    /** Has sessions do what is due, and forgets those that ended long ago. */
    public void dispatchDue(long nowNs) {
        for (Session session = (Session) timers.poll(nowNs); session != null; session = (Session) timers.poll(nowNs)) {
            forgetDoubted(session, null, nowNs);
            session.dispatch(nowNs);
            settle(session, nowNs + MIN_TIMER_NS, nowNs);
        }
        ended.expireDue(nowNs);
    }

    /** Has all sessions look what there is to do: something has changed for all of them. */
    public void dispatchAll(long nowNs) {
        for (Session session : table.all()) {
            session.dispatch(nowNs);
            settle(session, nowNs);
        }
    }

    // ------------------------------------------------------------------------------------------------------------- end

    /** Ends a session for a reason; its target is told. */
    public void end(Session session, DropReason reason, long nowNs) {
        session.end(reason, true);
        settle(session, nowNs);
    }

    /** Ends all sessions for a reason, those that wait included; each target is told. */
    public void endAll(DropReason reason, long nowNs) {
        for (Session session : table.all()) {
            endLine(session, reason, nowNs);
        }
    }

    /** Ends the sessions that wait longest, if there is too little memory for all. */
    public void relieveMemory(long nowNs) {
        if (memory.exceedsBudget()) {
            memory.relieve(session -> {
                context.count(SessionCounter.OBSOLETE);
                endLine(session, DropReason.MEMORY, nowNs);
            });
        }
    }

    private void endLine(Session first, DropReason reason, long nowNs) {
        Session waiting = Successors.dismiss(first);
        while (waiting != null) {
            Session next = Successors.dismiss(waiting);
            waiting.end(reason, false);
            table.release(waiting);
            waiting = next;
        }
        end(first, reason, nowNs);
    }

    /** Forgets all sessions that have ended. */
    public void forgetEnded() {
        ended.expireAll();
    }

    // ------------------------------------------------------------------------------------------------- seen from
    // outside

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

    /** Shows every session, those that wait in line included. */
    public void forEach(Consumer<Session> action) {
        table.forEach(first -> {
            for (Session session = first; session != null; session = session.successor()) {
                action.accept(session);
            }
        });
    }
}
