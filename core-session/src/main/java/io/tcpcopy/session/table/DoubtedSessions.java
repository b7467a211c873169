package io.tcpcopy.session.table;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.flow.FlowMap;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.connection.Session;
import io.tcpcopy.timer.TimerHeap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sessions on paper: a SYN is all there is of their connections, and it may be a stray, since another connection of the same
 * client's address and port was live when it came. Those of one client stand in the order in which their SYNs came.
 */
final class DoubtedSessions {
    /**
     * Sequence numbers. A client sends so much at once at most behind its SYN, without a scaled window; another connection's
     * packet is numbered so by a chance of 1 to 65,536.
     */
    private static final int FIRST_RANGE = 1 << 16;
    /** How long a SYN may be all there is: as often as a client repeats it that is not answered (RFC 6298: after 1 s). */
    private static final long DOUBT_NS = TimeUnit.SECONDS.toNanos(3);
    /** Of one client: more would only be a flood of strays. */
    private static final int MAX_OF_CLIENT = 8;

    private static final int EXPECTED_SIZE = 1 << 8;

    private final TimerHeap timers = new TimerHeap();
    private final Consumer<Session> forgotten;
    /** The first in each line; a map for each copy of a client's connection. */
    private final List<FlowMap<Session>> first = new ArrayList<>();

    /**
     * There are none.
     *
     * @param copies of each client's connection
     * @param forgotten takes each that turned out to be of a stray
     */
    DoubtedSessions(int copies, Consumer<Session> forgotten) {
        this.forgotten = forgotten;
        for (int copy = 0; copy < copies; copy++) {
            first.add(new FlowMap<>(EXPECTED_SIZE));
        }
    }

    boolean isEmpty() {
        return timers.size() == 0;
    }

    private Session first(Flow captured, int copy) {
        return first.get(copy).get(captured);
    }

    private Session firstOf(Session session) {
        return first(session.identity().captured(), session.identity().copy());
    }

    /** Puts a session here that has begun; the oldest of the same client goes where there are too many. */
    void add(Session session, long nowNs) {
        Session last = firstOf(session);
        if (last == null) {
            map(session).put(session.identity().captured(), session);
        } else {
            Session oldest = last;
            int ofClient = 1;
            for (; last.successor() != null; last = last.successor()) {
                ofClient++;
            }
            last.successor(session);
            if (ofClient == MAX_OF_CLIENT) {
                forget(oldest);
            }
        }
        timers.schedule(session, nowNs + DOUBT_NS);
    }

    /** Which session a client opened with this SYN, or null. */
    Session openedBy(ClientPacket syn, int copy) {
        return Successors.openedBy(syn, first(syn.flow(), copy));
    }

    /** If the SYN that was repeated is of one of these, the doubt lasts on. */
    void synRepeated(Session session, long nowNs) {
        Session here = firstOf(session);
        while (here != null && here != session) {
            here = here.successor();
        }
        if (here != null) {
            timers.schedule(here, nowNs + DOUBT_NS);
        }
    }

    /**
     * The session that a packet belongs to, or null. To none belongs what a former connection may well go on with.
     *
     * @param former the live session that the packet is of, if it is of none here; or null
     * @param ended what is left of the one that was live before; or null
     */
    Session ownerOf(ClientPacket packet, int copy, Session former, EndedSession ended) {
        Session owner = null;
        for (Session next = first(packet.flow(), copy); next != null; next = next.successor()) {
            Session before = owner == null ? former : owner;
            if (next.stream().isBehindSyn(packet, FIRST_RANGE) && isRather(packet, next, before, ended)) {
                owner = next;
            }
        }
        return owner;
    }

    /** Whether a packet is rather of a session here than of the one before. */
    private static boolean isRather(ClientPacket packet, Session doubted, Session before, EndedSession ended) {
        if (before == null) {
            return doubted.stream().isFirst(packet)
                    || ended == null
                    || !ended.connection().isNear(packet.seq(), FIRST_RANGE);
        }
        return doubted.stream().isFirst(packet)
                ? !before.stream().isNext(packet)
                : !before.stream().isNear(packet, FIRST_RANGE);
    }

    /** Takes out a session that is real; those before it were strays. */
    void believe(Session session) {
        for (Session older = firstOf(session); older != session; older = firstOf(session)) {
            forget(older);
        }
        remove(session);
    }

    /** Takes out those whose clients have not gone on behind their SYNs. */
    void expireDue(long nowNs) {
        for (Session stray = (Session) timers.poll(nowNs); stray != null; stray = (Session) timers.poll(nowNs)) {
            forget(stray);
        }
    }

    /** Takes out all. */
    void expireAll() {
        expireDue(Long.MAX_VALUE);
    }

    /** When the next one goes, or {@link TimerHeap#NEVER}. */
    long nextDeadlineNs() {
        return timers.nextDeadlineNs();
    }

    private void forget(Session session) {
        remove(session);
        forgotten.accept(session);
    }

    private void remove(Session session) {
        Session before = firstOf(session);
        Session next = session.successor();
        if (before == session) {
            map(session).remove(session.identity().captured());
            if (next != null) {
                map(next).put(next.identity().captured(), next);
            }
        } else {
            while (before.successor() != session) {
                before = before.successor();
            }
            before.successor(next);
        }
        session.successor(null);
        timers.cancel(session);
    }

    private FlowMap<Session> map(Session session) {
        return first.get(session.identity().copy());
    }

    /** Shows every session. */
    void forEach(Consumer<? super Session> action) {
        for (FlowMap<Session> map : first) {
            map.forEach(session -> {
                for (Session next = session; next != null; next = next.successor()) {
                    action.accept(next);
                }
            });
        }
    }
}
