package io.tcpcopy.logging;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Place;
import io.tcpcopy.diagnosis.Symptom;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.metrics.Metrics;

/**
 * Counts the lines of the log, of which a process has one: where they are lost, something else than the log has to say so. Whoever
 * writes them counts, one thread at a time.
 */
public final class LogLines {
    private static final Counters<LogMetric> LINES = new Counters<>(LogMetric.class);

    private LogLines() {}

    /** A line was written, or lost. */
    public static void count(LogMetric outcome) {
        LINES.increment(outcome);
    }

    /** Adds the numbers. */
    public static void addTo(Metrics metrics) {
        metrics.add(LogMetric.class, LINES);
    }

    /** That lines are lost. */
    public static Symptom lost() {
        return Symptom.of(new Place(
                Code.LOG,
                "the log",
                "lines of the log could not be written",
                "make room on its disk (df), or see why it refuses (dmesg); the copy goes on meanwhile",
                lately -> lately.get(LogMetric.LOST),
                lately -> lately.get(LogMetric.WRITTEN) + lately.get(LogMetric.LOST)));
    }
}
