package io.tcpcopy.session.table;

import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.connection.Session;

/**
 * Sessions of clients that use their address and port for a new connection before the copy of the one before is over: they
 * stand in line behind it, and each connects when its turn has come.
 */
public final class Successors {
    /** Quick clients use a port several times within the time that is left to a session; more would only pile up. */
    private static final int MAX_WAITING = 8;
    /** Sequence numbers. A client packet numbered so far behind a SYN that waits for its turn belongs to that SYN. */
    private static final int OWN_RANGE = 1 << 30;
    /** Sequence numbers. What lies so near to where a client is goes on with that, or repeats it. */
    private static final int NEAR_RANGE = 1 << 16;

    private Successors() {}

    /**
     * The session of a line that a client packet belongs to: the first one, or one of those that wait. One that waits may be
     * numbered below the one before, whose packets then lie behind its SYN, too.
     */
    public static Session ownerOf(ClientPacket packet, Session first) {
        Session owner = first;
        for (Session next = first.successor(); next != null; next = next.successor()) {
            if (next.stream().isBehindSyn(packet, OWN_RANGE) && !isRather(packet, owner, next)) {
                owner = next;
            }
        }
        return owner;
    }

    private static boolean isRather(ClientPacket packet, Session before, Session next) {
        boolean repeatsBefore =
                before.stream().hasReached(packet) && !next.stream().hasReached(packet);
        return (before.stream().isNear(packet, NEAR_RANGE) || repeatsBefore)
                && !next.stream().isNear(packet, NEAR_RANGE);
    }

    /** Which session of a line, which may be null, the client opened with this SYN; null if none. */
    public static Session openedBy(ClientPacket syn, Session first) {
        Session session = first;
        while (session != null && !session.stream().isOpenedBy(syn)) {
            session = session.successor();
        }
        return session;
    }

    /**
     * Puts a session at the end of a line. Too many must not wait.
     *
     * @return the session that stood there, if the new one takes its place; or null
     */
    public static Session append(Session added, Session first) {
        Session before = first;
        for (int waiting = 1; waiting < MAX_WAITING && before.successor() != null; waiting++) {
            before = before.successor();
        }
        Session replaced = before.successor();
        before.successor(added);
        return replaced;
    }

    /** Takes all that wait out of a line; returns the first of them, or null. */
    public static Session dismiss(Session first) {
        Session waiting = first.successor();
        first.successor(null);
        return waiting;
    }
}
