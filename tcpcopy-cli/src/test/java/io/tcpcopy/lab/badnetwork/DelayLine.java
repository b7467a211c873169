package io.tcpcopy.lab.badnetwork;

import io.tcpcopy.timer.TimerHeap;
import java.util.ArrayDeque;
import java.util.Deque;

/** Frames on their way: they leave in the order in which they came, each when it is due. */
final class DelayLine {

    /** At a delay of 50 ms, 600 MB a second: more than {@link BadNetwork} carries. */
    static final int MOST_BYTES = 32 << 20;

    private record Entry(byte[] frame, long dueNs) {}

    private final Deque<Entry> entries = new ArrayDeque<>();
    private int bytes;

    /** Puts a copy of a frame at the end; returns false where there is no room. */
    boolean add(Frame frame, long dueNs) {
        if (bytes + frame.length() > MOST_BYTES) {
            return false;
        }
        entries.add(new Entry(frame.copy(), dueNs));
        bytes += frame.length();
        return true;
    }

    /** When the first one is due, in nanoseconds of the loop's clock; {@link TimerHeap#NEVER} where there is none. */
    long nextDueNs() {
        return entries.isEmpty() ? TimerHeap.NEVER : entries.peek().dueNs();
    }

    /** Takes the first one out. */
    void take(Frame room) {
        Entry entry = entries.remove();
        bytes -= entry.frame().length;
        room.set(entry.frame());
    }
}
