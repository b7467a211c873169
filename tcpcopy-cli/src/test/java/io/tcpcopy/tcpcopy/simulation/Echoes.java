package io.tcpcopy.tcpcopy.simulation;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * SYNs and payload that were captured come once more, since the network has doubled them, when the client's connection is over. The online
 * server takes none of them. Not a SYN that the client has repeated: the copy knows the last one.
 */
final class Echoes {
    private static final int WORLDS_ONE_IN = 4;
    private static final double FREQUENT = 0.02;
    private static final double FREQUENT_SYN = 0.2;
    private static final int MAX_LATER_NS = (int) TimeUnit.SECONDS.toNanos(2);

    private final Events events;
    private final Random random;
    private final Coverage coverage;
    private final Host online;
    private final CopiedConnections connections;
    private final BiConsumer<CopiedConnection, TcpPacket> network;
    private final boolean occur;

    /** {@code network}: where they come from. */
    Echoes(
            Events events,
            Random random,
            Coverage coverage,
            Host online,
            CopiedConnections connections,
            BiConsumer<CopiedConnection, TcpPacket> network) {
        this.events = events;
        this.random = random;
        this.coverage = coverage;
        this.online = online;
        this.connections = connections;
        this.network = network;
        occur = random.nextInt(WORLDS_ONE_IN) == 0;
    }

    /** A packet was captured: it may come again. */
    void mayFollow(CopiedConnection copied, TcpPacket packet) {
        if (!occur || !packet.isSyn() && packet.length() <= 1) {
            return;
        }
        if (random.nextDouble() < (packet.isSyn() ? FREQUENT_SYN : FREQUENT)) {
            events.after(1 + random.nextInt(MAX_LATER_NS), () -> follow(copied, packet));
        }
    }

    private void follow(CopiedConnection copied, TcpPacket packet) {
        if (isOver(copied) && !(packet.isSyn() && copied.isSynRepeated())) {
            coverage.count(Figure.ECHOES);
            network.accept(copied, packet);
        }
    }

    /** What comes when there was another connection since then, nobody knows any more. */
    private boolean isOver(CopiedConnection copied) {
        Tcp server = online.connection(copied.ends());
        return connections.isLast(copied) && (server == null || server.state() == Tcp.State.TIME_WAIT);
    }
}
