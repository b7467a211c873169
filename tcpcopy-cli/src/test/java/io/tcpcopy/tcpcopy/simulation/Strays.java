package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.packet.TcpHeader;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Packets from nowhere that have the address and port of a client whose connection is open: of a forger, or left over in the
 * network. As every TCP the online server believes none but an RST that is numbered exactly (RFC 5961).
 */
final class Strays {
    private static final int MAX_BETWEEN_NS = (int) TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MAX_DISTANCE = 200_000;
    private static final int SYN_ONE_IN = 3;
    private static final int WINDOW = 1000;

    private final Events events;
    private final Random random;
    private final Coverage coverage;
    private final Nature nature;
    private final Host online;
    private final Clients clients;
    private final CopiedConnections connections;
    private final BiConsumer<CopiedConnection, TcpPacket> network;

    Strays(
            Events events,
            Random random,
            Coverage coverage,
            Nature nature,
            Host online,
            Clients clients,
            CopiedConnections connections,
            BiConsumer<CopiedConnection, TcpPacket> network) {
        this.events = events;
        this.random = random;
        this.coverage = coverage;
        this.nature = nature;
        this.online = online;
        this.clients = clients;
        this.connections = connections;
        this.network = network;
    }

    /** Has one come some time later, for the connection opened last. */
    void comeLater(CopiedConnection copied) {
        events.after(random.nextInt(MAX_BETWEEN_NS), () -> {
            Tcp server = online.connection(copied.ends());
            if (server != null && server.state() == Tcp.State.ESTABLISHED && copied.isCaptured(server.rcvNxt())) {
                boolean syn = random.nextInt(SYN_ONE_IN) == 0 && copied.isSeen();
                network.accept(copied, syn ? syn(copied.ends()) : reset(copied, server.rcvNxt()));
            }
        });
    }

    private TcpPacket syn(Ends ends) {
        coverage.count(Figure.STRAY_SYNS);
        Plan unused;
        do {
            unused = new Plan(random, nature);
        } while (unused.has(Behaviour.LONG_REQUEST));
        int iss;
        do {
            iss = random.nextInt();
        } while (!connections.areFree(ends.client(), iss, unused.length()));
        CopiedConnection neverOpened = new CopiedConnection(ends, unused, random.nextLong(), iss, 0);
        neverOpened.neverOpened();
        connections.add(neverOpened);
        return stray(ends, TcpHeader.SYN, iss);
    }

    private TcpPacket reset(CopiedConnection copied, int expected) {
        int distance = 1 + random.nextInt(MAX_DISTANCE);
        int lot = random.nextInt(4);
        if (lot == 0 && !nature.orderly()) {
            coverage.count(Figure.RESETS_BELIEVED);
            copied.resetFromNowhere();
            // Who knows the number of the one end knows that of the other.
            events.after(0, () -> resetClient(copied.ends()));
            return stray(copied.ends(), TcpHeader.RST, expected);
        }
        // Behind an RST that is numbered ahead, who is silent for long is believed to have left.
        boolean silent = copied.plan().has(Behaviour.IDLE);
        if (lot == 1 || silent) {
            coverage.count(Figure.RESETS_BELOW);
            return stray(copied.ends(), TcpHeader.RST, expected - distance);
        }
        coverage.count(Figure.RESETS_AHEAD);
        return stray(copied.ends(), TcpHeader.RST, expected + distance);
    }

    private void resetClient(Ends ends) {
        Tcp client = clients.connection(ends);
        if (client != null) {
            client.receive(new TcpPacket(
                    ends.server(),
                    ends.client(),
                    0,
                    TcpHeader.RST,
                    client.rcvNxt(),
                    0,
                    0,
                    TcpPacket.Options.NONE,
                    new byte[0]));
        }
    }

    private static TcpPacket stray(Ends ends, int flags, int seq) {
        return new TcpPacket(
                ends.client(), ends.server(), 0, flags, seq, 0, WINDOW, TcpPacket.Options.NONE, new byte[0]);
    }
}
