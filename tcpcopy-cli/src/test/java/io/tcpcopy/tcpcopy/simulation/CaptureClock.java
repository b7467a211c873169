package io.tcpcopy.tcpcopy.simulation;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The wall clock that stamps captured packets: in some worlds it is set now and then. */
final class CaptureClock implements LongSupplier {
    private static final long MAX_STEP_NS = TimeUnit.HOURS.toNanos(1);

    private final LongSupplier clockNs;
    private final Random random;
    private final Coverage coverage;
    private long aheadNs;

    CaptureClock(LongSupplier clockNs, Random random, Coverage coverage) {
        this.clockNs = clockNs;
        this.random = random;
        this.coverage = coverage;
    }

    /** Somebody sets it, forth or back. */
    void step() {
        coverage.count(Figure.CLOCK_STEPS);
        aheadNs = Math.round((2 * random.nextDouble() - 1) * MAX_STEP_NS);
    }

    @Override
    public long getAsLong() {
        return clockNs.getAsLong() + aheadNs;
    }
}
