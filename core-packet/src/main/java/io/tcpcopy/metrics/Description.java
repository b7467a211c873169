package io.tcpcopy.metrics;

/**
 * What a number is.
 *
 * @param name without the program's before it, for instance {@code sessions_total}
 * @param help what is counted, in one sentence; the same for all values of a label
 * @param label the name of the label that tells it from others of the same name; empty when it is the only one
 * @param labelValue the value of the label
 */
public record Description(String name, String help, String label, String labelValue) {
    /** The end of a counter's name. */
    private static final String COUNTER_SUFFIX = "_total";

    /** What a number is that is the only one of its name. */
    public Description(String name, String help) {
        this(name, help, "", "");
    }

    /** Whether it is a counter, which only rises; otherwise it is a gauge. */
    public boolean isCounter() {
        return name.endsWith(COUNTER_SUFFIX);
    }
}
