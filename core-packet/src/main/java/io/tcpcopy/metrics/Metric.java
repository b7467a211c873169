package io.tcpcopy.metrics;

/**
 * A number that a program gives of itself: a counter, which only rises, or a gauge. It is declared once, where it is
 * counted, by a constant of an enum or a record, and is the key by which it is read.
 *
 * <p>Names are those of Prometheus: words in lower case, the unit, in base units, at the end; counters end in {@code
 * _total}. The program's own name comes before it ({@link Metrics#nameOf}). The value of a label is one of few that the
 * program knows beforehand, never one that traffic or options bring.
 */
public interface Metric {
    /** What it is. */
    Description description();

    /** How many of what is counted make one of the unit in the name: 10^9 where nanoseconds are counted for seconds. */
    default long perUnit() {
        return 1;
    }

    /** Whether so much is to be looked at for it that it is only when somebody looks at all numbers there are. */
    default boolean isCostly() {
        return false;
    }

    /** Whether it is shown while it stands at 0: not where its name has very many values of a label, of which few ever count. */
    default boolean isShownAtZero() {
        return true;
    }
}
