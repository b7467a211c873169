package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.packet.Ipv4Header;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * What is captured on the assistant host of the target's packets: segments that arrive together come as one, even of more
 * than 64 KB, as where the kernel joins as many (BIG TCP).
 */
final class AssistantCapture {
    private static final int MAX_MERGED = 190_000;

    private final Coverage coverage;
    private final Merging merging;
    private final Consumer<TcpPacket> destination;

    /** {@code secret}: from which it follows what is merged, since that must be each packet's own lot; see {@link Link}. */
    AssistantCapture(Events events, long secret, Coverage coverage, Weather weather, Consumer<TcpPacket> destination) {
        this.coverage = coverage;
        this.destination = destination;
        merging = new Merging(
                events,
                coverage,
                Figure.RESPONSES_MERGED,
                MAX_MERGED,
                packet -> new SplittableRandom(secret ^ events.nowNs() * 31 + packet.mark()).nextDouble()
                        < weather.merging(),
                this::captured);
    }

    void take(TcpPacket packet) {
        merging.take(packet);
    }

    private void captured(TcpPacket packet) {
        if (packet.totalLength() > Ipv4Header.MAX_TOTAL_LENGTH) {
            coverage.count(Figure.RESPONSES_SPLIT);
        }
        destination.accept(packet);
    }
}
