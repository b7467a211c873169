package io.tcpcopy.session.shed;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.flow.FlowMap;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.ledger.Ledger;
import io.tcpcopy.timer.TimerHeap;
import java.util.concurrent.TimeUnit;

/**
 * The connections that are left out now. They are remembered until their clients have closed or reset them, or have said nothing for
 * as long as -t, so that none of them is copied from the middle on.
 */
final class ShedPairs {
    /** Above it a connection is rather copied than left out without a memory of it. */
    private static final int MOST = 1 << 17;
    /** What a pair takes on the heap with its places in the map and among the timers, in bytes: by count of the fields. */
    private static final int PAIR_BYTES = 144;

    /** Longer than a client waits to repeat its SYN (Linux: up to 8 s, the first four times), or its last bytes behind its end. */
    private static final long REPETITION_NS = TimeUnit.SECONDS.toNanos(10);

    private static final int EXPECTED_SIZE = 16;

    private final long idleNs;
    private final int copies;
    private final Ledger ledger;
    private final FlowMap<ShedPair> byCaptured = new FlowMap<>(EXPECTED_SIZE);
    private final TimerHeap timers = new TimerHeap();

    /**
     * No connection is left out.
     *
     * @param idleNs after which a connection is forgotten whose client says nothing
     * @param copies of each connection that there would have been
     */
    ShedPairs(long idleNs, int copies, Ledger ledger) {
        this.idleNs = idleNs;
        this.copies = copies;
        this.ledger = ledger;
    }

    /** How many there are. */
    int size() {
        return byCaptured.size();
    }

    /** How much memory they take, in bytes. */
    long bytes() {
        return (long) size() * PAIR_BYTES;
    }

    /** Whether no further one can be remembered. */
    boolean areFull() {
        return size() >= MOST;
    }

    /** The one of a client's connection, or null. */
    ShedPair get(Flow captured) {
        return size() == 0 ? null : byCaptured.get(captured);
    }

    /** The connection that begins with a packet is left out, with all parts of that. */
    void add(ClientPacket first, long nowNs) {
        first.firstPart();
        ShedPair pair = new ShedPair(first);
        byCaptured.put(pair.captured, pair);
        take(pair, first, nowNs);
    }

    /**
     * Takes a packet of one of them, all its parts.
     *
     * @return whether it shows that a new connection of the same pair has begun, which is left out as well
     */
    boolean take(ShedPair pair, ClientPacket packet, long nowNs) {
        packet.firstPart();
        boolean another = false;
        do {
            another |= pair.take(packet, copies, ledger);
        } while (packet.nextPart());
        timers.schedule(pair, nowNs + (pair.isOpen() ? idleNs : REPETITION_NS));
        return another;
    }

    /** One of them is not left out any more: another connection begins. */
    void remove(ShedPair pair) {
        timers.cancel(pair);
        byCaptured.remove(pair.captured);
    }

    /** Forgets those whose time has come. */
    void expireDue(long nowNs) {
        for (ShedPair due = (ShedPair) timers.poll(nowNs); due != null; due = (ShedPair) timers.poll(nowNs)) {
            byCaptured.remove(due.captured);
        }
    }

    /** When the next one is to be forgotten. */
    long nextDeadlineNs() {
        return timers.nextDeadlineNs();
    }
}
