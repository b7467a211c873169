package io.tcpcopy.loop;

import static org.assertj.core.api.Assertions.fail;

import io.tcpcopy.net.StartException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Runs a loop on the test's own thread until something has happened. */
public final class LoopDriver implements AutoCloseable {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final EventLoop loop;
    private final LoopTimer tick;

    /** A loop with the machine's clock. */
    public LoopDriver() throws StartException {
        loop = EventLoop.ofKernel();
        tick = loop.timer(this::tickAgain);
        tickAgain();
    }

    /** The loop. */
    public EventLoop loop() {
        return loop;
    }

    /** Runs turns until the condition holds; fails after ten seconds. */
    public void runUntil(String what, BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > TIMEOUT_NS) {
                fail("did not happen within 10 s: " + what);
            }
            loop.turn();
        }
    }

    /** Runs turns for a while. */
    public void runFor(long durationMs) {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(durationMs);
        runUntil("time passes", () -> System.nanoTime() - endNs >= 0);
    }

    @Override
    public void close() {
        loop.close();
    }

    private void tickAgain() {
        tick.schedule(TICK_NS);
    }
}
