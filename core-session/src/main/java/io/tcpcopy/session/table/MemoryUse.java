package io.tcpcopy.session.table;

import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.connection.Session;
import io.tcpcopy.session.connection.SessionContext;
import io.tcpcopy.session.window.PacketPool;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * How much memory sessions take, against their budgets: the heap has one of its own, since packets lie outside of it and
 * objects do not.
 */
public final class MemoryUse {
    /**
     * What a session takes on the heap with its places in the indexes and among the timers, in bytes. Measured on a 64-bit JVM
     * with compressed pointers: 1420 to 1516 bytes, by how full the indexes are; and 216 for what came later.
     */
    private static final int SESSION_BYTES = 1732;
    /** What a packet takes on the heap besides its bytes, which lie elsewhere. By its fields 88 bytes. */
    private static final int PACKET_HEAP_BYTES = 88;
    /**
     * What is left of an ended session, with its places in the indexes. Measured likewise: 248 to 262 bytes; and 44 for what came later.
     */
    public static final int ENDED_SESSION_BYTES = 306;
    /** When memory runs out, sessions end until this part of the budget is used. */
    private static final double RELIEF = 0.9;

    private static final double HALF = 0.5;

    private final Settings settings;
    private final PacketPool pool;
    private final SessionTable table;
    private final EndedSessions ended;

    /** The memory of what these hold. */
    MemoryUse(SessionContext context, SessionTable table, EndedSessions ended) {
        settings = context.settings();
        pool = context.pool();
        this.table = table;
        this.ended = ended;
    }

    /** Bytes that sessions, their packets and what is left of ended sessions hold. */
    public long bytes() {
        return pool.bytesInUse() + heapBytes() + (long) ended.size() * ENDED_SESSION_BYTES;
    }

    /** Bytes that were taken from the system for packets, outside of the heap; some of them may be unused. */
    public long slabBytes() {
        return pool.bytesTaken();
    }

    /**
     * Lets go of what nothing has used since the last call. The system has it when the JVM has collected its garbage.
     *
     * @return about how many bytes that is
     */
    public long dropUnwanted() {
        return pool.dropUnwanted()
                + (long) table.dropUnwanted() * SESSION_BYTES
                + (long) ended.dropUnwanted() * ENDED_SESSION_BYTES;
    }

    /** Packets that wait or are in flight, of all sessions. */
    public int packets() {
        return pool.packetsInUse();
    }

    /** Whether sessions have to end. */
    public boolean exceedsBudget() {
        return exceeds(1);
    }

    /** Whether half of it is used. */
    public boolean exceedsHalf() {
        return exceeds(HALF);
    }

    /** Lets the sessions end that wait longest: some more than must, so that it does not happen again at once. */
    void relieve(Consumer<Session> end, long nowNs) {
        List<Session> sessions = table.all();
        sessions.sort(Comparator.comparingLong((Session session) -> session.waitingForNs(nowNs))
                .reversed());
        for (Session session : sessions) {
            if (!exceeds(RELIEF)) {
                break;
            }
            end.accept(session);
        }
    }

    private boolean exceeds(double part) {
        long heapBytes = heapBytes();
        return heapBytes > settings.heapBudget() * part
                || pool.bytesHeld() + heapBytes > settings.memoryBudget() * part;
    }

    private long heapBytes() {
        return (long) table.taken() * SESSION_BYTES + (long) pool.packetsInUse() * PACKET_HEAP_BYTES;
    }
}
