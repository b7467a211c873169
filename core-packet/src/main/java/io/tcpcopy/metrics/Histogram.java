package io.tcpcopy.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often something took how long. It is declared once, where the durations are taken, and is the key by which it is read. A
 * single thread records; any thread may read at any time without slowing it.
 */
public final class Histogram {
    private final Description description;
    private final AtomicLongArray counts = new AtomicLongArray(Durations.BOUNDS_NS.length + 1);
    private final AtomicLongArray sumNs = new AtomicLongArray(1);

    /** Nothing is recorded yet. The description's name has the unit seconds, and it has no label. */
    public Histogram(Description description) {
        this.description = description;
    }

    /** What it is. */
    public Description description() {
        return description;
    }

    /** Records a duration in nanoseconds. Called by the owning thread alone. */
    public void record(long ns) {
        int index = 0;
        while (index < Durations.BOUNDS_NS.length && ns > Durations.BOUNDS_NS[index]) {
            index++;
        }
        counts.setOpaque(index, counts.getPlain(index) + 1);
        sumNs.setOpaque(0, sumNs.getPlain(0) + ns);
    }

    /** What was recorded since the start of the program. */
    public Durations durations() {
        long[] copy = new long[counts.length()];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = counts.getOpaque(i);
        }
        return new Durations(copy, sumNs.getOpaque(0));
    }
}
