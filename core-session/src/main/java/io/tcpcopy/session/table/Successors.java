package io.tcpcopy.session.table;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.connection.Session;
import io.tcpcopy.timer.TimerHeap;

/**
 * Sessions of clients that use their address and port for a new connection before the copy of the one before is over: they
 * stand in line behind it, and each connects when its turn has come.
 */
public final class Successors {
    /** Quick clients use a port several times within the time that is left to a session; more would only pile up. */
    private static final int MAX_WAITING = 8;

    private Successors() {}

    /**
     * The session of a line that a client packet belongs to: the first one, or one of those that wait. A session that is in
     * doubt owns nothing that another one before it may well go on with.
     */
    public static Session ownerOf(ClientPacket packet, Session first) {
        Session owner = first;
        for (Session next = first.successor(); next != null; next = next.successor()) {
            if (next.mayOwn(packet) && (!next.isInDoubt() || isRather(packet, next, owner))) {
                owner = next;
            }
        }
        return owner;
    }

    /** Whether a packet is rather of a session in doubt than of the one before. */
    private static boolean isRather(ClientPacket packet, Session doubted, Session before) {
        return doubted.isFirst(packet) ? !before.isNext(packet) : !before.isNear(packet);
    }

    /** Which session of a line the client opened with this SYN; null if none. */
    public static Session openedBy(ClientPacket syn, Session first) {
        Session session = first;
        while (session != null && !session.isOpenedBy(syn)) {
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

    /** When the first session of a line is to be taken out that is in doubt, or {@link TimerHeap#NEVER}. */
    static long doubtEndsNs(Session first) {
        long endsNs = NEVER;
        for (Session session = first.successor(); session != null; session = session.successor()) {
            endsNs = Math.min(endsNs, session.doubtedUntilNs());
        }
        return endsNs;
    }

    /**
     * Takes a session out of a line that is in doubt.
     *
     * @param last behind which no session is taken out; null for the end of the line
     * @param untilNs only if it is in doubt no longer than until then
     * @return the session, or null if there is none
     */
    static Session removeDoubted(Session first, Session last, long untilNs) {
        for (Session before = first; before != last && before.successor() != null; before = before.successor()) {
            Session session = before.successor();
            if (session.isInDoubt() && session.doubtedUntilNs() <= untilNs) {
                before.successor(session.successor());
                return session;
            }
        }
        return null;
    }

    /** Takes all that wait out of a line; returns the first of them, or null. */
    public static Session dismiss(Session first) {
        Session waiting = first.successor();
        first.successor(null);
        return waiting;
    }
}
