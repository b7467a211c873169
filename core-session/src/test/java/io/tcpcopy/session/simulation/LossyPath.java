package io.tcpcopy.session.simulation;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A way for packets: some are lost, some doubled, some overtake others. SYNs always arrive: a host gives up after few. */
final class LossyPath {
    private static final double DOUBLED = 0.02;
    private static final long MIN_DELAY_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final int MAX_EXTRA_DELAY_NS = (int) TimeUnit.MILLISECONDS.toNanos(2);

    private final Events events;
    private final Random random;
    private final double loss;
    private final Consumer<TcpPacket> destination;

    LossyPath(Events events, Random random, double loss, Consumer<TcpPacket> destination) {
        this.events = events;
        this.random = random;
        this.loss = loss;
        this.destination = destination;
    }

    void send(TcpPacket packet) {
        if (!packet.isSyn() && random.nextDouble() < loss) {
            return;
        }
        deliver(packet);
        if (random.nextDouble() < DOUBLED) {
            deliver(packet);
        }
    }

    private void deliver(TcpPacket packet) {
        events.after(MIN_DELAY_NS + random.nextInt(MAX_EXTRA_DELAY_NS), () -> destination.accept(packet));
    }
}
