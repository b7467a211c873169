package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.flow.Endpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The networks between all hosts: one way there and back for each client, and those of the target. */
final class Paths {
    private static final int MAX_CLIENT_DELAY_NS = (int) TimeUnit.MILLISECONDS.toNanos(40);
    private static final int MAX_TARGET_DELAY_NS = (int) TimeUnit.MILLISECONDS.toNanos(3);

    private final Events events;
    private final Random random;
    private final Coverage coverage;
    private final Weather weather;
    private final int targetDelayNs;
    private final Map<Endpoint, Link> toOnline = new HashMap<>();
    private final Map<Endpoint, Link> fromOnline = new HashMap<>();
    private Link toTarget;
    private Link fromTarget;

    Paths(Events events, Random random, Coverage coverage, Weather weather) {
        this.events = events;
        this.random = random;
        this.coverage = coverage;
        this.weather = weather;
        targetDelayNs = random.nextInt(MAX_TARGET_DELAY_NS);
    }

    /** Where packets arrive that go to the target, and those that come from it. */
    void joinTarget(Consumer<TcpPacket> target, Consumer<TcpPacket> assistant) {
        toTarget = link(weather.target(), Figure.PACKETS_LOST, targetDelayNs, target);
        fromTarget = link(weather.assistant(), Figure.RESPONSES_LOST, targetDelayNs, assistant);
    }

    /** Where packets arrive that a client sends, and those that it is sent. */
    void joinClient(Endpoint client, Consumer<TcpPacket> online, Consumer<TcpPacket> clients) {
        int delayNs = random.nextInt(random.nextBoolean() ? MAX_CLIENT_DELAY_NS : MAX_CLIENT_DELAY_NS / 100);
        toOnline.put(client, link(weather.online(), Figure.PACKETS_LOST, delayNs, online));
        fromOnline.put(client, link(weather.online(), Figure.PACKETS_LOST, delayNs, clients));
    }

    private Link link(Weather.Path path, Figure lost, int delayNs, Consumer<TcpPacket> destination) {
        return new Link(events, random, coverage, path, lost, delayNs, destination);
    }

    void fromClient(TcpPacket packet) {
        toOnline.get(packet.source()).send(packet);
    }

    void fromOnlineServer(TcpPacket packet) {
        fromOnline.get(packet.destination()).send(packet);
    }

    void fromTcpcopy(TcpPacket packet) {
        toTarget.send(packet);
    }

    void fromTarget(TcpPacket packet) {
        fromTarget.send(packet);
    }
}
