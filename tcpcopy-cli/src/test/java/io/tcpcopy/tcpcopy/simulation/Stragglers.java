package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.packet.TcpSeq;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Payload that was never captured, of clients whose address and port are used again: some of it comes once more when the next
 * connection is open. The online server takes none of it.
 */
final class Stragglers {
    private static final int MAX_LATER_NS = (int) TimeUnit.MILLISECONDS.toNanos(300);

    private final Events events;
    private final Random random;
    private final Coverage coverage;
    private final Host online;
    private final BiConsumer<CopiedConnection, TcpPacket> network;
    private final Map<Ends, List<Straggler>> uncaptured = new HashMap<>();

    private record Straggler(CopiedConnection copied, TcpPacket packet) {}

    /** {@code network}: where they come from. */
    Stragglers(
            Events events,
            Random random,
            Coverage coverage,
            Host online,
            BiConsumer<CopiedConnection, TcpPacket> network) {
        this.events = events;
        this.random = random;
        this.coverage = coverage;
        this.online = online;
        this.network = network;
    }

    /** A packet has reached the online host, and was not captured. */
    void uncaptured(CopiedConnection copied, TcpPacket packet) {
        if (packet.length() > 1) {
            uncaptured.computeIfAbsent(copied.ends(), key -> new ArrayList<>()).add(new Straggler(copied, packet));
        }
    }

    /** A connection is opened: those of the one before may come. */
    void mayCome(CopiedConnection opened) {
        List<Straggler> former = uncaptured.remove(opened.ends());
        if (former != null) {
            Straggler straggler = former.get(random.nextInt(former.size()));
            events.after(1 + random.nextInt(MAX_LATER_NS), () -> come(straggler, opened));
        }
    }

    private void come(Straggler straggler, CopiedConnection opened) {
        TcpPacket packet = straggler.packet;
        // Where the copy is over, what was never captured may well begin another one.
        boolean isOpen = isOpen(online.connection(opened.ends()), opened) && isOpen(opened.target(), opened);
        // What is numbered above the connection looks like something that the client will go on to.
        if (isOpen && TcpSeq.lessThan(packet.seq(), opened.iss()) && straggler.copied.capturedOf(packet) == 0) {
            coverage.count(Figure.STRAGGLERS);
            network.accept(straggler.copied, packet);
        }
    }

    private static boolean isOpen(Tcp server, CopiedConnection opened) {
        return server != null && server.state() == Tcp.State.ESTABLISHED && server.irs() == opened.iss();
    }
}
