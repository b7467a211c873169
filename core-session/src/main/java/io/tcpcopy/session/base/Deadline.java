package io.tcpcopy.session.base;

import static io.tcpcopy.timer.TimerHeap.NEVER;

/** Deadlines in nanoseconds, of which {@link io.tcpcopy.timer.TimerHeap#NEVER} is none. */
public final class Deadline {
    private Deadline() {}

    /** A deadline that much later. */
    public static long later(long deadlineNs, long durationNs) {
        return deadlineNs == NEVER ? NEVER : deadlineNs + durationNs;
    }

    /** The deadline if it is to come, or {@link io.tcpcopy.timer.TimerHeap#NEVER}: one whose effect every event has when it is over needs no timer. */
    public static long ifToCome(long deadlineNs, long nowNs) {
        return deadlineNs > nowNs ? deadlineNs : NEVER;
    }
}
