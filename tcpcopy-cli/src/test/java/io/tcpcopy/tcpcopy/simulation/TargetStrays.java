package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpSeq;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Packets of the target's address and port that it sent to an older connection of the same pair, or a forger: numbered below the
 * one that is open, up to its SYN. No TCP would change anything for them.
 */
final class TargetStrays {
    private static final int WORLDS_ONE_IN = 3;
    private static final int CONNECTIONS_ONE_IN = 3;
    private static final int MAX_LATER_NS = (int) TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MAX_DISTANCE = 200_000;

    private final Events events;
    private final Random random;
    private final Coverage coverage;
    private final Consumer<TcpPacket> network;
    private final boolean occur;

    /** {@code network}: where they come from. */
    TargetStrays(Events events, Random random, Coverage coverage, Weather weather, Consumer<TcpPacket> network) {
        this.events = events;
        this.random = random;
        this.coverage = coverage;
        this.network = network;
        // Not where every response has to find its route: intercept takes their RSTs and FINs for the connection's own.
        occur = !weather.copiesSafely() && random.nextInt(WORLDS_ONE_IN) == 0;
    }

    /** The target has accepted a connection: one of them may come. */
    void mayCome(Tcp target) {
        if (occur && random.nextInt(CONNECTIONS_ONE_IN) == 0) {
            events.after(1 + random.nextInt(MAX_LATER_NS), () -> come(target));
        }
    }

    private void come(Tcp target) {
        if (target.state() == Tcp.State.ESTABLISHED) {
            boolean exact = random.nextBoolean();
            int seq = exact ? target.iss() : target.iss() - 1 - random.nextInt(MAX_DISTANCE);
            if (TcpSeq.greaterThan(seq, target.sndNxt())) {
                // So much has been sent that the numbers come round, and this one may be in the window.
                return;
            }
            coverage.count(Figure.STRAYS_OF_TARGET);
            // Whose copy an RST belongs to that answers is known by this.
            int formerly = target.irs();
            network.accept(
                    switch (random.nextInt(4)) {
                        case 0 -> stray(target, TcpHeader.RST, seq, 0);
                        case 1 -> stray(target, TcpHeader.RST | TcpHeader.ACK, seq, formerly);
                        case 2 -> stray(target, TcpHeader.FIN | TcpHeader.ACK, seq, formerly);
                        default -> stray(target, TcpHeader.ACK, seq, formerly);
                    });
        }
    }

    private static TcpPacket stray(Tcp target, int flags, int seq, int ack) {
        return new TcpPacket(
                target.local(), target.remote(), 0, flags, seq, ack, 0, TcpPacket.Options.NONE, new byte[0]);
    }
}
