package io.tcpcopy.tcpcopy.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One direction of a path between two hosts: packets are delayed, lost, doubled; some are overtaken. */
final class Link {
    private static final int MAX_OVERTAKEN_NS = (int) TimeUnit.MILLISECONDS.toNanos(6);

    private final Events events;
    private final long secret;
    private final Coverage coverage;
    private final Weather.Path weather;
    private final Figure lost;
    private final long delayNs;
    private final Consumer<TcpPacket> destination;
    /** Of each connection: those of others are overtaken. */
    private final Map<Long, Long> lastArrivalNs = new HashMap<>();

    /** {@code lost}: as what to count packets that are lost. */
    Link(
            Events events,
            Random random,
            Coverage coverage,
            Weather.Path weather,
            Figure lost,
            long delayNs,
            Consumer<TcpPacket> destination) {
        this.events = events;
        secret = random.nextLong();
        this.coverage = coverage;
        this.weather = weather;
        this.lost = lost;
        this.delayNs = delayNs;
        this.destination = destination;
    }

    /** How long a packet takes at least. */
    long delayNs() {
        return delayNs;
    }

    void send(TcpPacket packet) {
        // What befalls a packet is its own: sessions that act together do so in another order in each virtual machine.
        SplittableRandom lots = new SplittableRandom(secret ^ events.nowNs() * 31 + packet.mark());
        if (lots.nextDouble() < weather.lost()) {
            coverage.count(lost);
            return;
        }
        deliver(packet, lots);
        if (lots.nextDouble() < weather.doubled()) {
            coverage.count(Figure.PACKETS_DOUBLED);
            deliver(packet, lots);
        }
    }

    private void deliver(TcpPacket packet, SplittableRandom lots) {
        long arrivalNs = events.nowNs() + delayNs + lots.nextInt(weather.jitterNs());
        if (lots.nextDouble() < weather.reordered()) {
            coverage.count(Figure.PACKETS_REORDERED);
            events.at(arrivalNs + lots.nextInt(MAX_OVERTAKEN_NS), () -> destination.accept(packet));
            return;
        }
        long inOrderNs = lastArrivalNs.merge(packet.ends(), arrivalNs, Math::max);
        events.at(inOrderNs, () -> destination.accept(packet));
    }
}
