package io.tcpcopy.session.table;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.connection.Session;
import io.tcpcopy.session.connection.SessionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The sessions that live, found by the client's side and by the target's side. Sessions that are over are kept to be used
 * again.
 */
final class SessionTable {
    private static final int EXPECTED_SIZE = 1 << 10;

    private final SessionContext context;
    private final SessionIndex<Session> index;
    private final Spares<Session> spares = new Spares<>();
    private int taken;

    /** A table without sessions. */
    SessionTable(SessionContext context) {
        this.context = context;
        index = new SessionIndex<>(context.settings(), EXPECTED_SIZE, Session::identity);
    }

    /**
     * The session of a client's connection, or null.
     *
     * @param captured the real client and the online server
     * @param copy which of the copies is meant, 0 for the first
     */
    Session byCaptured(Flow captured, int copy) {
        return index.byCaptured(captured, copy);
    }

    /** The session that uses a flow towards its target, or null. */
    Session byFlow(Flow flow) {
        return index.byFlow(flow);
    }

    /** How many sessions are in the table. */
    int size() {
        return index.size();
    }

    /** Sessions that are in use: those in the table, and those that wait to follow one. */
    int taken() {
        return taken;
    }

    /** A session to be opened. */
    Session take() {
        taken++;
        Session session = spares.take();
        return session == null ? new Session(context) : session;
    }

    /** Gives back a session that is over and not in the table. */
    void release(Session session) {
        taken--;
        spares.add(session);
    }

    /** Drops sessions that were given back and not wanted since the last call; returns how many. */
    int dropUnwanted() {
        return spares.dropUnwanted();
    }

    /** Puts a session into the table. */
    void put(Session session) {
        index.put(session);
    }

    /** Takes a session out of the table. */
    void remove(Session session) {
        index.remove(session);
    }

    /** All sessions of the table, which may change meanwhile. */
    List<Session> all() {
        List<Session> sessions = new ArrayList<>(size());
        index.forEach(sessions::add);
        return sessions;
    }

    /** Shows every session of the table, in no order. The table must not be changed meanwhile. */
    void forEach(Consumer<? super Session> action) {
        index.forEach(action);
    }
}
