package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.flow.Endpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The networks between all hosts: one way there and back for each client, and those of the target. */
final class Paths {
    /** Round trips of clients, from one in the same rack to one beyond an ocean, each order of magnitude as often. */
    private static final double MIN_ROUND_TRIP_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private static final double MAX_ROUND_TRIP_NS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final int MAX_TARGET_DELAY_NS = (int) TimeUnit.MILLISECONDS.toNanos(3);
    /** A target in another city is farther from the online host than many a client. */
    private static final int MAX_FAR_TARGET_DELAY_NS = (int) TimeUnit.MILLISECONDS.toNanos(30);

    private static final int FAR_ONE_IN = 2;

    private final Events events;
    private final Random random;
    private final Coverage coverage;
    private final Weather weather;
    private final int targetDelayNs;
    private final Map<Endpoint, Link> toOnline = new HashMap<>();
    private final Map<Endpoint, Link> fromOnline = new HashMap<>();
    private Link toTarget;
    private Link fromTarget;

    /** {@code distances}: of the target. */
    Paths(Events events, Random random, Coverage coverage, Weather weather, SplittableRandom distances) {
        this.events = events;
        this.random = random;
        this.coverage = coverage;
        this.weather = weather;
        int nearNs = random.nextInt(MAX_TARGET_DELAY_NS);
        targetDelayNs = distances.nextInt(FAR_ONE_IN) == 0 ? distances.nextInt(MAX_FAR_TARGET_DELAY_NS) : nearNs;
    }

    /** Where packets arrive that go to the target, and those that come from it. */
    void joinTarget(Consumer<TcpPacket> target, Consumer<TcpPacket> assistant) {
        toTarget = link(weather.target(), Figure.PACKETS_LOST, targetDelayNs, target);
        fromTarget = link(weather.assistant(), Figure.RESPONSES_LOST, targetDelayNs, assistant);
    }

    /** Where packets arrive that a client sends, and those that it is sent. */
    void joinClient(Endpoint client, Consumer<TcpPacket> online, Consumer<TcpPacket> clients) {
        double roundTripNs = MIN_ROUND_TRIP_NS * Math.pow(MAX_ROUND_TRIP_NS / MIN_ROUND_TRIP_NS, random.nextDouble());
        int delayNs = (int) (roundTripNs / 2);
        toOnline.put(client, link(weather.online(), Figure.PACKETS_LOST, delayNs, online));
        fromOnline.put(client, link(weather.online(), Figure.PACKETS_LOST, delayNs, clients));
    }

    /** How long a client's packet and the answer to it take at least. */
    long roundTripNs(Endpoint client) {
        return toOnline.get(client).delayNs() + fromOnline.get(client).delayNs();
    }

    /** The same of a packet to the target, and of the way from there to the assistant. */
    long targetRoundTripNs() {
        return 2L * targetDelayNs;
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
