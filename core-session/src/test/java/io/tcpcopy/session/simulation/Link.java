package io.tcpcopy.session.simulation;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One direction of a path between two hosts: packets are delayed, lost, doubled; some are overtaken. */
final class Link {
    private static final int MAX_OVERTAKEN_NS = (int) TimeUnit.MILLISECONDS.toNanos(6);

    private final Events events;
    private final Random random;
    private final Coverage coverage;
    private final Weather.Path weather;
    private final long delayNs;
    private final Consumer<TcpPacket> destination;
    private long lastArrivalNs;

    Link(
            Events events,
            Random random,
            Coverage coverage,
            Weather.Path weather,
            long delayNs,
            Consumer<TcpPacket> destination) {
        this.events = events;
        this.random = random;
        this.coverage = coverage;
        this.weather = weather;
        this.delayNs = delayNs;
        this.destination = destination;
    }

    void send(TcpPacket packet) {
        if (random.nextDouble() < weather.lost()) {
            coverage.count(Figure.PACKETS_LOST);
            return;
        }
        deliver(packet);
        if (random.nextDouble() < weather.doubled()) {
            coverage.count(Figure.PACKETS_DOUBLED);
            deliver(packet);
        }
    }

    private void deliver(TcpPacket packet) {
        long arrivalNs = events.nowNs() + delayNs + random.nextInt(weather.jitterNs());
        if (random.nextDouble() < weather.reordered()) {
            coverage.count(Figure.PACKETS_REORDERED);
            events.at(arrivalNs + random.nextInt(MAX_OVERTAKEN_NS), () -> destination.accept(packet));
            return;
        }
        lastArrivalNs = Math.max(lastArrivalNs, arrivalNs);
        events.at(lastArrivalNs, () -> destination.accept(packet));
    }
}
