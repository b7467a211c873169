package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.loop.MemoryNetwork;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * How the bytes of the tunnel travel: in order, but now and then all have to wait, and they are read in any pieces. It
 * follows from the time alone, since sessions that act together do so in another order in each virtual machine.
 */
final class Tunnel implements MemoryNetwork.Transit {
    /** Of a tunnel that is as fast as the way of the target's packets, or slower. */
    private static final int[] MAX_DELAYS_NS = {
        (int) TimeUnit.MILLISECONDS.toNanos(1), (int) TimeUnit.MILLISECONDS.toNanos(6)
    };

    private static final int MAX_STALL_NS = (int) TimeUnit.MILLISECONDS.toNanos(1500);

    private final LongSupplier clockNs;
    private final long secret;
    private final Coverage coverage;
    private final Weather weather;
    private final LongConsumer stalledUntilNs;
    private final int maxDelayNs;

    /** {@code stalledUntilNs}: told of each stall when it begins. */
    Tunnel(LongSupplier clockNs, Random random, Coverage coverage, Weather weather, LongConsumer stalledUntilNs) {
        this.stalledUntilNs = stalledUntilNs;
        this.clockNs = clockNs;
        this.secret = random.nextLong();
        this.coverage = coverage;
        this.weather = weather;
        maxDelayNs = MAX_DELAYS_NS[new SplittableRandom(secret).nextInt(MAX_DELAYS_NS.length)];
    }

    @Override
    public long delayNs() {
        SplittableRandom lots = lots(0);
        if (lots.nextDouble() < weather.stalls()) {
            coverage.count(Figure.TUNNEL_STALLS);
            int stallNs = lots.nextInt(MAX_STALL_NS);
            stalledUntilNs.accept(clockNs.getAsLong() + stallNs);
            return stallNs;
        }
        return lots.nextInt(maxDelayNs);
    }

    @Override
    public int piece(int arrived) {
        SplittableRandom lots = lots(arrived);
        if (lots.nextDouble() < weather.cuts()) {
            coverage.count(Figure.TUNNEL_READS_CUT);
            return 1 + lots.nextInt(arrived);
        }
        return arrived;
    }

    @Override
    public int saved(int sent) {
        int saved = lots(sent).nextInt(sent + 1);
        coverage.count(Figure.TUNNEL_BYTES_SAVED, saved);
        return saved;
    }

    private SplittableRandom lots(int bytes) {
        return new SplittableRandom(secret ^ clockNs.getAsLong() * 31 + bytes);
    }
}
