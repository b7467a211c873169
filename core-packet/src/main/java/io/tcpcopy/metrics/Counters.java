package io.tcpcopy.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A counter for each constant of an enum. A single thread adds; any thread may read at any time without slowing it.
 *
 * @param <E> names the counters
 */
public final class Counters<E extends Enum<E>> {
    private final AtomicLongArray values;

    /** Counters that all stand at zero. */
    public Counters(Class<E> type) {
        values = new AtomicLongArray(type.getEnumConstants().length);
    }

    /** Adds one. Called by the owning thread alone. */
    public void increment(E counter) {
        add(counter, 1);
    }

    /** Adds {@code amount}. Called by the owning thread alone. */
    public void add(E counter, long amount) {
        int index = counter.ordinal();
        values.setOpaque(index, values.getPlain(index) + amount);
    }

    /** What a counter stands at: what was counted since the start of the program. */
    public long get(E counter) {
        return values.getOpaque(counter.ordinal());
    }
}
