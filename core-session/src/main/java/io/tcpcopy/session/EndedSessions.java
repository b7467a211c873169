package io.tcpcopy.session;

import static io.tcpcopy.session.SessionContext.NEVER;

import io.tcpcopy.flow.FlowMap;
import java.util.concurrent.TimeUnit;

/** Sessions that wait out their end: found by either key, and removed in the order in which they ended. */
final class EndedSessions {
    private static final long LIFE_NS = TimeUnit.SECONDS.toNanos(6);
    /** A flood of connections must not take all memory: beyond it the oldest go early. */
    private static final int MAX_SIZE = 1 << 18;

    private static final int EXPECTED_SIZE = 1 << 12;

    private final SessionContext context;
    private final FlowMap<EndedSession> byClient = new FlowMap<>(EXPECTED_SIZE);
    private final FlowMap<EndedSession> byTarget = new FlowMap<>(EXPECTED_SIZE);
    private EndedSession oldest;
    private EndedSession newest;
    private EndedSession free;

    EndedSessions(SessionContext context) {
        this.context = context;
    }

    EndedSession byClient(long clientKey) {
        return byClient.get(clientKey);
    }

    EndedSession byTarget(long targetKey) {
        return byTarget.get(targetKey);
    }

    int size() {
        return byClient.size();
    }

    /** Keeps a record of a session that is over. */
    void add(Session session) {
        if (size() == MAX_SIZE) {
            expire(oldest);
        }
        EndedSession record = free == null ? new EndedSession() : free;
        free = record.next;
        record.copyFrom(session, context.nowNs + LIFE_NS);
        record.next = null;
        record.previous = newest;
        if (newest == null) {
            oldest = record;
        } else {
            newest.next = record;
        }
        newest = record;
        byClient.put(record.clientKey, record);
        byTarget.put(record.targetKey, record);
    }

    /** Takes a record out: a new session of the pair begins. */
    void remove(EndedSession record) {
        byClient.remove(record.clientKey);
        byTarget.remove(record.targetKey);
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
        record.transfer = null;
        record.previous = null;
        record.next = free;
        free = record;
        context.count(SessionCounter.RELEASED);
    }

    /** Removes the records whose time has come, and their routes. */
    void expireDue() {
        while (oldest != null && oldest.expiryNs <= context.nowNs) {
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
        context.routes.remove(
                record.turn,
                record.clientAddress,
                record.clientPort,
                record.transfer.targetAddress(),
                record.transfer.targetPort());
        remove(record);
    }

    /** When the next record goes. */
    long nextDeadlineNs() {
        return oldest == null ? NEVER : oldest.expiryNs;
    }
}
