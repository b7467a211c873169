package io.tcpcopy.loop;

import io.tcpcopy.timer.Timer;

/** A timer of the loop itself; made by {@link EventLoop#timer}. */
public final class LoopTimer extends Timer {
    private final EventLoop loop;
    private final Runnable action;

    LoopTimer(EventLoop loop, Runnable action) {
        this.loop = loop;
        this.action = action;
    }

    /** Sets or moves the deadline: {@code delayNs} nanoseconds after this turn's time. */
    public void schedule(long delayNs) {
        loop.schedule(this, delayNs);
    }

    /** Takes the deadline away; the timer can be scheduled again. */
    public void cancel() {
        loop.cancel(this);
    }

    void run() {
        action.run();
    }
}
