package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpSeq;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Packets that clients have sent come again with other bytes and a checksum that is right: of a forger, or of a middlebox that
 * rewrites. The online server takes nothing of them, since it has the bytes. The copy has to say so while it can compare, which
 * is as long as it holds the bytes.
 */
final class Conflicts {
    private static final int WORLDS_ONE_IN = 4;
    private static final double FREQUENT = 0.05;
    private static final int MAX_LATER_NS = (int) TimeUnit.MILLISECONDS.toNanos(30);

    private final Events events;
    private final Random random;
    private final Coverage coverage;
    private final Host online;
    private final CopiedConnections connections;
    private final Predicate<TcpPacket> held;
    private final BiConsumer<CopiedConnection, TcpPacket> network;
    private final boolean occur;
    /** Captured, but not taken by the programs yet. */
    private final List<TcpPacket> captured = new ArrayList<>();

    private int all;
    private int certain;

    /**
     * What occurs in some worlds.
     *
     * @param held whether the copy holds any of the payload that a packet has
     * @param network where they come from
     */
    Conflicts(
            Events events,
            Random random,
            Coverage coverage,
            Host online,
            CopiedConnections connections,
            Predicate<TcpPacket> held,
            BiConsumer<CopiedConnection, TcpPacket> network) {
        this.events = events;
        this.random = random;
        this.coverage = coverage;
        this.online = online;
        this.connections = connections;
        this.held = held;
        this.network = network;
        occur = random.nextInt(WORLDS_ONE_IN) == 0;
    }

    /** A client's packet has reached the online host: it may come again. */
    void mayFollow(TcpPacket packet) {
        // One byte alone may be a keepalive probe, which means nothing.
        boolean mayConflict = packet.length() > 1 && (packet.flags() & ~TcpHeader.PSH) == TcpHeader.ACK;
        if (occur && mayConflict && random.nextDouble() < FREQUENT) {
            events.after(1 + random.nextInt(MAX_LATER_NS), () -> follow(packet));
        }
    }

    private void follow(TcpPacket packet) {
        Tcp server = online.connection(Ends.ofClientPacket(packet));
        boolean known = server != null
                && server.state() == Tcp.State.ESTABLISHED
                && TcpSeq.lessThanOrEqual(packet.end(), server.rcvNxt());
        if (!known || !held.test(packet)) {
            return;
        }
        CopiedConnection copied = connections.find(Ends.ofClientPacket(packet), packet.seq());
        if (copied.capturedOf(packet) == packet.length()) {
            byte[] other = Payload.otherThan(copied.stream(), copied.position(packet.seq()), packet.length());
            network.accept(copied, packet.withPayload(other));
        }
    }

    /** One of them is captured. */
    void captured(TcpPacket packet) {
        coverage.count(Figure.CONFLICTS);
        all++;
        captured.add(packet);
    }

    /** The programs have taken what was captured: of what the copy still holds it held the bytes then. */
    void taken() {
        for (TcpPacket packet : captured) {
            certain += held.test(packet) ? 1 : 0;
        }
        captured.clear();
    }

    /** How many were captured. */
    int all() {
        return all;
    }

    /** How many of those came while the copy held the bytes in any case. */
    int certain() {
        return certain;
    }
}
