package io.tcpcopy.timer;

import java.util.Arrays;

/**
 * Timers ordered by deadline. Deadlines are nanoseconds of one monotonic clock, compared by subtraction, so less than
 * 2^63 apart. Setting a deadline costs nothing when it moves later (the timer is found again when its old place comes
 * up), which is what most packets do.
 */
public final class TimerHeap {
    /** What {@link #nextDeadlineNs} returns when there is no timer. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int INITIAL_CAPACITY = 64;

    private Timer[] heap = new Timer[INITIAL_CAPACITY];
    private int size;

    /** Sets or moves the deadline of a timer. */
    public void schedule(Timer timer, long deadlineNs) {
        timer.deadlineNs = deadlineNs;
        if (timer.position == Timer.IDLE) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            timer.heapKeyNs = deadlineNs;
            place(timer, size);
            siftUp(size++);
        } else if (deadlineNs - timer.heapKeyNs < 0) {
            timer.heapKeyNs = deadlineNs;
            siftUp(timer.position);
        }
    }

    /** Takes a timer out; one that is not there is left alone. */
    public void cancel(Timer timer) {
        int position = timer.position;
        if (position == Timer.IDLE) {
            return;
        }
        timer.position = Timer.IDLE;
        Timer last = heap[--size];
        heap[size] = null;
        if (last != timer) {
            place(last, position);
            siftUp(position);
            siftDown(last.position);
        }
    }

    /** The earliest time at which a timer may be due, or {@link #NEVER}. */
    public long nextDeadlineNs() {
        return size == 0 ? NEVER : heap[0].heapKeyNs;
    }

    /**
     * Takes out one timer that is due.
     *
     * @return the timer, or null when none is due at {@code nowNs}
     */
    public Timer poll(long nowNs) {
        while (size > 0 && heap[0].heapKeyNs - nowNs <= 0) {
            Timer first = heap[0];
            if (first.deadlineNs - nowNs <= 0) {
                cancel(first);
                return first;
            }
            first.heapKeyNs = first.deadlineNs;
            siftDown(0);
        }
        return null;
    }

    /** How many timers wait. */
    public int size() {
        return size;
    }

    private void siftUp(int start) {
        int position = start;
        Timer timer = heap[position];
        while (position > 0) {
            int parent = (position - 1) / 2;
            if (heap[parent].heapKeyNs - timer.heapKeyNs <= 0) {
                break;
            }
            place(heap[parent], position);
            position = parent;
        }
        place(timer, position);
    }

    private void siftDown(int start) {
        int position = start;
        Timer timer = heap[position];
        while (true) {
            int child = position * 2 + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && heap[child + 1].heapKeyNs - heap[child].heapKeyNs < 0) {
                child++;
            }
            if (timer.heapKeyNs - heap[child].heapKeyNs <= 0) {
                break;
            }
            place(heap[child], position);
            position = child;
        }
        place(timer, position);
    }

    private void place(Timer timer, int position) {
        heap[position] = timer;
        timer.position = position;
    }
}
