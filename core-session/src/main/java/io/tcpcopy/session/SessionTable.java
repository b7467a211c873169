package io.tcpcopy.session;

import io.tcpcopy.flow.FlowMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The sessions that live, found by the client's side and by the target's side; each has one key on either. Sessions that
 * are over are kept to be used again.
 */
final class SessionTable {
    private static final int EXPECTED_SIZE = 1 << 10;

    private final SessionContext context;
    private final FlowMap<Session> byClient = new FlowMap<>(EXPECTED_SIZE);
    private final FlowMap<Session> byTarget = new FlowMap<>(EXPECTED_SIZE);
    private final ArrayDeque<Session> free = new ArrayDeque<>();
    private int taken;

    SessionTable(SessionContext context) {
        this.context = context;
    }

    Session byClient(long clientKey) {
        return byClient.get(clientKey);
    }

    Session byTarget(long targetKey) {
        return byTarget.get(targetKey);
    }

    int size() {
        return byClient.size();
    }

    /** Sessions that are in use: those in the table, and those that wait to follow one. */
    int taken() {
        return taken;
    }

    /** A session to be opened. */
    Session take() {
        taken++;
        Session session = free.pollLast();
        return session == null ? new Session(context) : session;
    }

    /** Gives back a session that is over and in no index. */
    void release(Session session) {
        taken--;
        free.addLast(session);
    }

    void put(Session session) {
        byClient.put(session.clientKey, session);
        byTarget.put(session.targetKey, session);
    }

    void remove(Session session) {
        byClient.remove(session.clientKey);
        byTarget.remove(session.targetKey);
    }

    /** All sessions of the table, which may change meanwhile. */
    List<Session> all() {
        List<Session> sessions = new ArrayList<>(size());
        byClient.forEach(sessions::add);
        return sessions;
    }

    void forEach(Consumer<? super Session> action) {
        byClient.forEach(action);
    }
}
