package io.tcpcopy.session.simulation;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The way of response headers from the assistant host: in order, but some are lost, and now and then all have to wait. */
final class Tunnel {
    private static final int MAX_DELAY_NS = (int) TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MAX_STALL_NS = (int) TimeUnit.MILLISECONDS.toNanos(1500);

    private final Events events;
    private final Random random;
    private final Coverage coverage;
    private final Weather weather;
    private final Consumer<TcpPacket> destination;
    private long lastArrivalNs;

    Tunnel(Events events, Random random, Coverage coverage, Weather weather, Consumer<TcpPacket> destination) {
        this.events = events;
        this.random = random;
        this.coverage = coverage;
        this.weather = weather;
        this.destination = destination;
    }

    void send(TcpPacket packet) {
        if (random.nextDouble() < weather.recordsLost()) {
            coverage.count(Figure.RECORDS_LOST);
            return;
        }
        if (random.nextDouble() < weather.stalls()) {
            coverage.count(Figure.TUNNEL_STALLS);
            lastArrivalNs = Math.max(lastArrivalNs, events.nowNs() + random.nextInt(MAX_STALL_NS));
        }
        lastArrivalNs = Math.max(lastArrivalNs, events.nowNs() + random.nextInt(MAX_DELAY_NS));
        events.at(lastArrivalNs, () -> destination.accept(packet));
    }
}
