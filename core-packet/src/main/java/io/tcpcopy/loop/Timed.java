package io.tcpcopy.loop;

/** Something with deadlines of its own, such as the session engine. */
public interface Timed {
    /**
     * The earliest deadline in nanoseconds of the loop's clock, or {@link io.tcpcopy.timer.TimerHeap#NEVER}. It may be
     * too early, never too late.
     */
    long nextDeadlineNs();

    /** Runs what is due at {@code nowNs}. Called once a turn at most, when the next deadline has come. */
    void runDue(long nowNs);
}
