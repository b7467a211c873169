package io.tcpcopy.tcpcopy.simulation;

import java.util.Random;
import java.util.function.Consumer;

/**
 * What is captured on the online host of the clients' packets: not all, where the capture drops some; and segments that
 * arrive together come as one.
 */
final class Capture {
    private static final int MAX_MERGED = 60_000;

    private final Random random;
    private final Coverage coverage;
    private final Weather weather;
    private final Merging merging;
    private final Consumer<TcpPacket> dropped;

    /** {@code dropped}: told of what is dropped that was as it should be. */
    Capture(
            Events events,
            Random random,
            Coverage coverage,
            Weather weather,
            Consumer<TcpPacket> destination,
            Consumer<TcpPacket> dropped) {
        this.random = random;
        this.coverage = coverage;
        this.weather = weather;
        this.dropped = dropped;
        merging = new Merging(
                events,
                coverage,
                Figure.SEGMENTS_MERGED,
                MAX_MERGED,
                packet -> random.nextDouble() < weather.merging(),
                destination);
    }

    void take(TcpPacket packet) {
        if (drops()) {
            dropped.accept(packet);
        } else {
            merging.take(packet);
        }
    }

    /** Takes a packet that nothing is merged with, since something is wrong with it. */
    void takeAlone(TcpPacket packet, Consumer<TcpPacket> taker) {
        merging.release(packet.ends());
        if (!drops()) {
            taker.accept(packet);
        }
    }

    private boolean drops() {
        boolean drops = random.nextDouble() < weather.capturesDropped();
        if (drops) {
            coverage.count(Figure.CAPTURES_DROPPED);
        }
        return drops;
    }
}
