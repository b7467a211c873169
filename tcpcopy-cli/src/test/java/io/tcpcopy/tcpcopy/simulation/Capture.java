package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.packet.TcpHeader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What is captured on the online host of one client's packets: not all, where the capture drops some; and segments that
 * arrive together come as one, where the network card merges them (GRO).
 */
final class Capture {
    /** How long the card waits for more. */
    private static final long MERGING_NS = TimeUnit.MICROSECONDS.toNanos(30);

    private static final int MAX_MERGED = 60_000;

    private final Events events;
    private final Random random;
    private final Coverage coverage;
    private final Weather weather;
    private final Consumer<TcpPacket> destination;
    private final Map<Ends, TcpPacket> merging = new LinkedHashMap<>();

    Capture(Events events, Random random, Coverage coverage, Weather weather, Consumer<TcpPacket> destination) {
        this.events = events;
        this.random = random;
        this.coverage = coverage;
        this.weather = weather;
        this.destination = destination;
    }

    void take(TcpPacket packet) {
        if (drops()) {
            return;
        }
        TcpPacket held = merging.get(Ends.ofClientPacket(packet));
        if (held != null && mayMerge(held, packet)) {
            coverage.count(Figure.SEGMENTS_MERGED);
            hold(held.mergedWith(packet));
        } else {
            release(Ends.ofClientPacket(packet), held);
            if (isMergeable(packet) && random.nextDouble() < weather.merging()) {
                hold(packet);
            } else {
                destination.accept(packet);
            }
        }
    }

    /** Takes a packet that nothing is merged with, since something is wrong with it. */
    void takeAlone(TcpPacket packet, Consumer<TcpPacket> taker) {
        release(Ends.ofClientPacket(packet), merging.get(Ends.ofClientPacket(packet)));
        if (!drops()) {
            taker.accept(packet);
        }
    }

    private boolean drops() {
        boolean drops = random.nextDouble() < weather.capturesDropped();
        if (drops) {
            coverage.count(Figure.CAPTURES_DROPPED);
        }
        return drops;
    }

    private void hold(TcpPacket packet) {
        merging.put(Ends.ofClientPacket(packet), packet);
        events.after(MERGING_NS, () -> release(Ends.ofClientPacket(packet), packet));
    }

    private void release(Ends ends, TcpPacket held) {
        if (held != null && merging.remove(ends, held)) {
            destination.accept(held);
        }
    }

    private static boolean mayMerge(TcpPacket held, TcpPacket next) {
        return isMergeable(next)
                && !held.has(TcpHeader.PSH)
                && next.seq() == held.end()
                && next.ack() == held.ack()
                && next.options().equals(held.options())
                && held.length() + next.length() <= MAX_MERGED;
    }

    private static boolean isMergeable(TcpPacket packet) {
        return packet.length() > 1 && (packet.flags() & ~TcpHeader.PSH) == TcpHeader.ACK;
    }
}
