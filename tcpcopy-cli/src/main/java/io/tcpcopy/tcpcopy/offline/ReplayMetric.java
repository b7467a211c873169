package io.tcpcopy.tcpcopy.offline;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;

/** What a replay gives of itself beside what every copy does. */
public enum ReplayMetric implements Metric {
    /** In millionths. */
    PROGRESS(
            "replay_progress_ratio",
            "How much of all that is to be replayed has been read, 0 to 1; only with --offline.");

    static final int MILLIONTHS = 1_000_000;

    private final Description description;

    ReplayMetric(String name, String help) {
        description = new Description(name, help);
    }

    @Override
    public Description description() {
        return description;
    }

    @Override
    public long perUnit() {
        return MILLIONTHS;
    }
}
