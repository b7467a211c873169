package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import java.util.concurrent.TimeUnit;

/** Has the statistics written every 30 seconds, and when somebody asks for them. */
public final class StatisticsTimer {
    /** As often as the original writes its own. */
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(30);

    private final EventLoop loop;
    private final Runnable statistics;
    private final LoopTimer timer;

    /**
     * Does nothing by itself before {@link #start}.
     *
     * @param statistics writes them
     */
    public StatisticsTimer(EventLoop loop, Runnable statistics) {
        this.loop = loop;
        this.statistics = statistics;
        this.timer = loop.timer(this::tick);
    }

    /** The first statistics are written in 30 seconds. */
    public void start() {
        timer.schedule(INTERVAL_NS);
    }

    private void tick() {
        start();
        statistics.run();
    }

    /** Has the statistics written at once, besides those every 30 seconds. Any thread may call it. */
    public void writeNow() {
        loop.submit(statistics);
    }
}
