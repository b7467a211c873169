package io.tcpcopy.logging;

/** A line of statistics, {@code label:number,label:number}: the first number always, others unless they are zero. */
public final class StatisticsLine {
    private final StringBuilder text;

    /** A line that begins with this number, be it zero. */
    public StatisticsLine(String label, long number) {
        text = new StringBuilder(label).append(':').append(number);
    }

    /** Adds a number, unless it is zero. */
    public StatisticsLine and(String label, long number) {
        if (number != 0) {
            text.append(',').append(label).append(':').append(number);
        }
        return this;
    }

    /** The line. */
    @Override
    public String toString() {
        return text.toString();
    }
}
