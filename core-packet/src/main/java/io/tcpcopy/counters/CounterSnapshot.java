package io.tcpcopy.counters;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What counters stood at in one moment, or how far they went between two. A counter is known by its enum constant, one
 * of errors by its errno.
 */
public final class CounterSnapshot {
    private final Map<Object, Long> values = new HashMap<>();

    /** Notes what one counter stands at. */
    public CounterSnapshot put(Object counter, long value) {
        values.put(counter, value);
        return this;
    }

    /** Notes what the counters of an enum stand at. */
    public <E extends Enum<E>> CounterSnapshot putAll(E[] counters, ToLongFunction<E> value) {
        for (E counter : counters) {
            put(counter, value.applyAsLong(counter));
        }
        return this;
    }

    /** What a counter stood at; 0 for one that was not noted. */
    public long get(Object counter) {
        return values.getOrDefault(counter, 0L);
    }

    /** How far the counters went between an earlier moment and this one. */
    public CounterSnapshot since(CounterSnapshot earlier) {
        CounterSnapshot difference = new CounterSnapshot();
        values.forEach((counter, value) -> difference.put(counter, value - earlier.get(counter)));
        return difference;
    }
}
