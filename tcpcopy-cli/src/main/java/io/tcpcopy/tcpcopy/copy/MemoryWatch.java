package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Checks every second whether the process occupies more memory than it may, and gives back what a burst has left. */
final class MemoryWatch {
    /** Each check reads a file of the kernel: too seldom to cost anything, and often enough for a limit in MB. */
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    /** So many checks without being used make memory unwanted: a load that comes in waves keeps what the next one needs. */
    private static final int UNWANTED_AFTER = 30;

    private static final int MB_SHIFT = 20;
    /** For less the garbage is not collected: that takes as long as some ten thousand packets. */
    private static final long WORTH_COLLECTING_BYTES = 16L << MB_SHIFT;

    private final LongSupplier residentBytes;
    private final long limitBytes;
    private final Consumer<String> exceeded;
    private final LongSupplier dropUnwanted;
    private final Runnable collect;
    private final LoopTimer timer;

    private int checks;
    private long droppedBytes;

    /**
     * Does nothing before {@link #start}.
     *
     * @param residentBytes how much it occupies
     * @param exceeded told in one sentence, each time that more is occupied than allowed
     * @param dropUnwanted lets go of memory that was not used since the last call, and tells how many bytes
     * @param collect gives back what was let go
     */
    MemoryWatch(
            EventLoop loop,
            LongSupplier residentBytes,
            long limitBytes,
            Consumer<String> exceeded,
            LongSupplier dropUnwanted,
            Runnable collect) {
        this.residentBytes = residentBytes;
        this.limitBytes = limitBytes;
        this.exceeded = exceeded;
        this.dropUnwanted = dropUnwanted;
        this.collect = collect;
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
        if (++checks % UNWANTED_AFTER == 0) {
            giveBack();
        }
    }

    /** Nothing but a collection gives memory back to the system; of itself it comes when the heap is full, hours later perhaps. */
    private void giveBack() {
        droppedBytes += dropUnwanted.getAsLong();
        if (droppedBytes >= WORTH_COLLECTING_BYTES) {
            droppedBytes = 0;
            collect.run();
        }
    }
}
