package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Checks every second whether the process occupies more memory than it may. */
final class MemoryWatch {
    /** Each check reads a file of the kernel: too seldom to cost anything, and often enough for a limit in MB. */
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private static final int MB_SHIFT = 20;

    private final LongSupplier residentBytes;
    private final long limitBytes;
    private final Consumer<String> exceeded;
    private final LoopTimer timer;

    /**
     * Does nothing before {@link #start}.
     *
     * @param residentBytes how much it occupies
     * @param exceeded told in one sentence, each time that more is occupied than allowed
     */
    MemoryWatch(EventLoop loop, LongSupplier residentBytes, long limitBytes, Consumer<String> exceeded) {
        this.residentBytes = residentBytes;
        this.limitBytes = limitBytes;
        this.exceeded = exceeded;
        timer = loop.timer(this::check);
    }

    /** The first check comes in a second. */
    void start() {
        timer.schedule(INTERVAL_NS);
    }

    private void check() {
        start();
        long bytes = residentBytes.getAsLong();
        if (bytes > limitBytes) {
            exceeded.accept("the memory limit is exceeded: " + (bytes >> MB_SHIFT) + " MB are resident, and -m allows "
                    + (limitBytes >> MB_SHIFT));
        }
    }
}
