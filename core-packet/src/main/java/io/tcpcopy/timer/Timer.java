package io.tcpcopy.timer;

/** Something with a deadline: extended by what waits in a {@link TimerHeap}, which keeps its place in it. */
public abstract class Timer {
    /** The position of a timer that is in no heap. */
    static final int IDLE = -1;

    /** When the timer is due. */
    long deadlineNs;
    /** When the heap looks at it: never later than the deadline. */
    long heapKeyNs;

    int position = IDLE;

    /** Whether the timer is in a heap. */
    public final boolean isScheduled() {
        return position != IDLE;
    }

    /** When the timer is due, in nanoseconds; means nothing while it is not scheduled. */
    public final long deadlineNs() {
        return deadlineNs;
    }
}
