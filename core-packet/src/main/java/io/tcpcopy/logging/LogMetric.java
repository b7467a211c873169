package io.tcpcopy.logging;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;

/** What became of the lines of the log. */
public enum LogMetric implements Metric {
    WRITTEN("log_lines_total", "Lines of the log that were written."),
    LOST("log_lines_lost_total", "Lines of the log that could not be written, since the disk was full for instance.");

    private final Description description;

    LogMetric(String name, String help) {
        description = new Description(name, help);
    }

    @Override
    public Description description() {
        return description;
    }
}
