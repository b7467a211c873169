package io.tcpcopy.session.table;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.connection.Session;
import io.tcpcopy.session.connection.SessionContext;
import java.util.concurrent.TimeUnit;

/** Sessions that wait out their end: found from either side, and removed in the order in which they ended. */
final class EndedSessions {
    /** As long as repetitions of a client or a target go on that lost its last packet: 0.2 to 3 s apart, or doubling. */
    private static final long LIFE_NS = TimeUnit.SECONDS.toNanos(6);
    /**
     * As long, at most, the rest of a request is waited for to be over. An upload mostly is by then; what never is, since its server says
     * nothing, is joined again in its middle.
     */
    private static final long MAX_LIFE_NS = TimeUnit.SECONDS.toNanos(30);
    /** A flood of connections must not take all memory: beyond it the oldest go early. */
    private static final int MAX_SIZE = 1 << 18;

    private static final int EXPECTED_SIZE = 1 << 12;

    private final SessionContext context;
    private final SessionIndex<EndedSession> index;
    private EndedSession oldest;
    private EndedSession newest;
    private final Spares<EndedSession> spares = new Spares<>();

    /** No session has ended. */
    EndedSessions(SessionContext context) {
        this.context = context;
        index = new SessionIndex<>(context.settings(), EXPECTED_SIZE, EndedSession::identity);
    }

    /** What is left of the session of a client's connection, or null; parameters as in {@link SessionTable#byCaptured}. */
    EndedSession byCaptured(Flow captured, int copy) {
        return index.byCaptured(captured, copy);
    }

    /** What is left of the session that used a flow towards its target, or null. */
    EndedSession byFlow(Flow flow) {
        return index.byFlow(flow);
    }

    /** How many there are. */
    int size() {
        return index.size();
    }

    /** Keeps a record of a session that is over. */
    void add(Session session, long nowNs) {
        if (size() == MAX_SIZE) {
            expire(oldest);
        }
        EndedSession record = take();
        record.copyFrom(session, nowNs);
        append(record, nowNs);
        index.put(record);
    }

    private void append(EndedSession record, long nowNs) {
        record.expiryNs = nowNs + LIFE_NS;
        record.previous = newest;
        if (newest == null) {
            oldest = record;
        } else {
            newest.next = record;
        }
        newest = record;
    }

    /** Keeps a record for longer, since its client still goes on with the request that the session had last. */
    void renew(EndedSession record, long nowNs) {
        if (nowNs - record.endedNs < MAX_LIFE_NS) {
            unlink(record);
            append(record, nowNs);
        }
    }

    private EndedSession take() {
        EndedSession record = spares.take();
        return record == null ? new EndedSession(context.settings().dnat()) : record;
    }

    /** Takes a record out, which may be null: a new session of the same client's connection begins. */
    void forget(EndedSession record) {
        if (record != null) {
            remove(record);
        }
    }

    private void remove(EndedSession record) {
        index.remove(record);
        unlink(record);
        spares.add(record);
        context.count(SessionCounter.RELEASED);
    }

    private void unlink(EndedSession record) {
        if (record.previous == null) {
            oldest = record.next;
        } else {
            record.previous.next = record.next;
        }
        if (record.next == null) {
            newest = record.previous;
        } else {
            record.next.previous = record.previous;
        }
        record.previous = null;
        record.next = null;
    }

    /** Removes the records whose time has come, and their routes. */
    void expireDue(long nowNs) {
        while (oldest != null && oldest.expiryNs <= nowNs) {
            expire(oldest);
        }
    }

    /** Removes all records. */
    void expireAll() {
        while (oldest != null) {
            expire(oldest);
        }
    }

    private void expire(EndedSession record) {
        withdrawRoute(record);
        remove(record);
    }

    /** No session goes on with the addresses and ports of a record. */
    void withdrawRoute(EndedSession record) {
        context.routes().remove(record.identity().number(), record.identity().flow());
    }

    /** Drops the memory of records that were not wanted since the last call; returns of how many. */
    int dropUnwanted() {
        return spares.dropUnwanted();
    }

    /** When the next record goes. */
    long nextDeadlineNs() {
        return oldest == null ? NEVER : oldest.expiryNs;
    }
}
