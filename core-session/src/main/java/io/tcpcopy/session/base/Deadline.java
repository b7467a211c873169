package io.tcpcopy.session.base;

import static io.tcpcopy.timer.TimerHeap.NEVER;

/** Deadlines whose effect every event has had when it is over: those that have passed need no timer. */
public final class Deadline {
    private Deadline() {}

    /** The deadline if it is to come, or {@link io.tcpcopy.timer.TimerHeap#NEVER}. */
    public static long ifToCome(long deadlineNs, long nowNs) {
        return deadlineNs > nowNs ? deadlineNs : NEVER;
    }
}
