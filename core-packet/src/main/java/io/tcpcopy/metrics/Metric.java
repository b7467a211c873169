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
    /** The end of a counter's name. */
    String COUNTER_SUFFIX = "_total";

    /** The name, without the program's before it, for instance {@code sessions_total}. */
    String metricName();

    /** What is counted, in one sentence; the same for all values of a label. */
    String help();

    /** The name of the label that tells it from others of the same name; empty when it is the only one. */
    default String label() {
        return "";
    }

    /** The value of the label. */
    default String labelValue() {
        return "";
    }

    /** How many of what is counted make one of the unit in the name: 10^9 where nanoseconds are counted for seconds. */
    default long perUnit() {
        return 1;
    }

    /** Whether it only rises. */
    default boolean isCounter() {
        return metricName().endsWith(COUNTER_SUFFIX);
    }
}
