package io.tcpcopy.session.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What will happen, in the order of time. */
final class Events {
    private record Event(long timeNs, long number, Runnable action) {}

    private final PriorityQueue<Event> queue =
            new PriorityQueue<>(Comparator.comparingLong(Event::timeNs).thenComparingLong(Event::number));
    private long nextNumber;
    private long nowNs;

    long nowNs() {
        return nowNs;
    }

    void at(long timeNs, Runnable action) {
        queue.add(new Event(timeNs, nextNumber++, action));
    }

    void after(long delayNs, Runnable action) {
        at(nowNs + delayNs, action);
    }

    /** When the next event happens, or {@link Long#MAX_VALUE}. */
    long nextNs() {
        return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().timeNs;
    }

    /** Lets time pass, and everything happen that is due. */
    void advanceTo(long timeNs) {
        nowNs = Math.max(nowNs, timeNs);
        while (nextNs() <= nowNs) {
            queue.poll().action.run();
        }
    }
}
