package io.tcpcopy.diagnosis;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What many counters say: totals at one moment, or what was counted between two moments. A counter is known by its enum
 * constant, an error by its errno.
 */
public final class Counts {
    private final Map<Object, Long> values = new HashMap<>();

    /** Notes what one counter says. */
    public Counts put(Object counter, long value) {
        values.put(counter, value);
        return this;
    }

    /** Notes what the counters of an enum say. */
    public <E extends Enum<E>> Counts putAll(E[] counters, ToLongFunction<E> value) {
        for (E counter : counters) {
            put(counter, value.applyAsLong(counter));
        }
        return this;
    }

    /** What a counter says; 0 for one that was not noted. */
    public long get(Object counter) {
        return values.getOrDefault(counter, 0L);
    }

    /** What was counted between an earlier moment and this one. */
    public Counts since(Counts earlier) {
        Counts difference = new Counts();
        values.forEach((counter, value) -> difference.put(counter, value - earlier.get(counter)));
        return difference;
    }
}
