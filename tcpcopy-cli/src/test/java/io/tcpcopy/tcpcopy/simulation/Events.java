package io.tcpcopy.tcpcopy.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/** What will happen, in the order of time. */
final class Events {
    private record Event(long timeNs, long number, Runnable action) {}

    private final PriorityQueue<Event> queue =
            new PriorityQueue<>(Comparator.comparingLong(Event::timeNs).thenComparingLong(Event::number));
    private final LongSupplier clockNs;
    private long nextNumber;

    /** What will happen by a clock in nanoseconds. */
    Events(LongSupplier clockNs) {
        this.clockNs = clockNs;
    }

    long nowNs() {
        return clockNs.getAsLong();
    }

    void at(long timeNs, Runnable action) {
        queue.add(new Event(timeNs, nextNumber++, action));
    }

    void after(long delayNs, Runnable action) {
        at(nowNs() + delayNs, action);
    }

    /** When the next event happens, or {@link Long#MAX_VALUE}. */
    long nextNs() {
        return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().timeNs;
    }

    /** Lets everything happen that is due. */
    void runDue() {
        while (nextNs() <= nowNs()) {
            queue.poll().action.run();
        }
    }
}
