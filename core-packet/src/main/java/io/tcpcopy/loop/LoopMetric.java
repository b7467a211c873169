package io.tcpcopy.loop;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;
import java.util.concurrent.TimeUnit;

/** What the loop says of itself. Busy and turns together tell how near it is to its end: a loop that never waits is there. */
public enum LoopMetric implements Metric {
    /** In nanoseconds. */
    BUSY("loop_busy_seconds_total", "Time in which the event loop did not wait.") {
        @Override
        public long perUnit() {
            return TimeUnit.SECONDS.toNanos(1);
        }
    },
    /** Those that were captured, or read from a file. */
    PACKETS("loop_packets_total", "Packets that the event loop has read, of whatever kind."),
    /** The log has their stack traces, one a second at most. */
    FAULTS("loop_faults_total", "Calls in the event loop that ended with an exception: faults in this program.");

    private final Description description;

    LoopMetric(String name, String help) {
        description = new Description(name, help);
    }

    @Override
    public Description description() {
        return description;
    }
}
