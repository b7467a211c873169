package io.tcpcopy.loop;

import io.tcpcopy.logging.StatisticsLine;
import io.tcpcopy.metrics.Metrics;
import java.util.concurrent.TimeUnit;

/** The line of the statistics about the loop, in both programs. */
public final class LoopStatistics {
    private LoopStatistics() {}

    /** What the numbers stand at. */
    public static StatisticsLine line(Metrics metrics) {
        long upTo100 = metrics.get(TurnLength.UP_TO_100_MS) + metrics.get(TurnLength.LONGER);
        long upTo10 = metrics.get(TurnLength.UP_TO_10_MS) + upTo100;
        return new StatisticsLine("loop turns", metrics.get(TurnLength.UP_TO_1_MS) + upTo10)
                .and("packets", metrics.get(LoopMetric.PACKETS))
                .and("busy ms", TimeUnit.NANOSECONDS.toMillis(metrics.get(LoopMetric.BUSY)))
                .and("over 1 ms", upTo10)
                .and("over 10 ms", upTo100)
                .and("over 100 ms", metrics.get(TurnLength.LONGER));
    }
}
