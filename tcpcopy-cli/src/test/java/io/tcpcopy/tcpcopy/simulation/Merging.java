package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.packet.TcpHeader;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Segments that arrive together come as one, where the network card merges them (GRO). */
final class Merging {
    /** How long the card waits for more. */
    private static final long WAITING_NS = TimeUnit.MICROSECONDS.toNanos(30);

    private final Events events;
    private final Coverage coverage;
    private final Figure merged;
    private final int mostPayload;
    private final Predicate<TcpPacket> awaitsMore;
    private final Consumer<TcpPacket> destination;
    /** By the ends of their connections. */
    private final Map<Long, TcpPacket> held = new HashMap<>();

    /**
     * A card that holds nothing yet.
     *
     * @param merged as what to count segments that were added to others
     * @param mostPayload bytes of a merged segment at most
     * @param awaitsMore whether a segment that may be merged with the next one is held until that comes
     */
    Merging(
            Events events,
            Coverage coverage,
            Figure merged,
            int mostPayload,
            Predicate<TcpPacket> awaitsMore,
            Consumer<TcpPacket> destination) {
        this.events = events;
        this.coverage = coverage;
        this.merged = merged;
        this.mostPayload = mostPayload;
        this.awaitsMore = awaitsMore;
        this.destination = destination;
    }

    void take(TcpPacket packet) {
        TcpPacket before = held.get(packet.ends());
        if (before != null && mayMerge(before, packet)) {
            coverage.count(merged);
            hold(before.mergedWith(packet));
        } else {
            release(packet.ends());
            if (isMergeable(packet) && awaitsMore.test(packet)) {
                hold(packet);
            } else {
                destination.accept(packet);
            }
        }
    }

    private void hold(TcpPacket packet) {
        held.put(packet.ends(), packet);
        events.after(WAITING_NS, () -> {
            if (held.get(packet.ends()) == packet) {
                release(packet.ends());
            }
        });
    }

    /** Lets go what is held of a connection. */
    void release(long ends) {
        TcpPacket packet = held.remove(ends);
        if (packet != null) {
            destination.accept(packet);
        }
    }

    private boolean mayMerge(TcpPacket before, TcpPacket next) {
        return isMergeable(next)
                && !before.has(TcpHeader.PSH)
                && next.seq() == before.end()
                && next.ack() == before.ack()
                && next.options().equals(before.options())
                && before.length() + next.length() <= mostPayload;
    }

    private static boolean isMergeable(TcpPacket packet) {
        return packet.length() > 1 && (packet.flags() & ~TcpHeader.PSH) == TcpHeader.ACK;
    }
}
