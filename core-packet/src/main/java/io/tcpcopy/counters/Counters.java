package io.tcpcopy.counters;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One total for each constant of an enum. A single thread adds; any thread may read at any time without slowing it.
 *
 * @param <E> the counters, each with a label of its own
 */
public final class Counters<E extends Enum<E>> {
    private final AtomicLongArray totals;

    /** Counters that all stand at zero. */
    public Counters(Class<E> type) {
        totals = new AtomicLongArray(type.getEnumConstants().length);
    }

    /** Adds one. Called by the owning thread alone. */
    public void increment(E counter) {
        add(counter, 1);
    }

    /** Adds {@code amount}. Called by the owning thread alone. */
    public void add(E counter, long amount) {
        int index = counter.ordinal();
        totals.setOpaque(index, totals.getPlain(index) + amount);
    }

    /** The total since start. */
    public long get(E counter) {
        return totals.getOpaque(counter.ordinal());
    }
}
