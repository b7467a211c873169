package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.metrics.Histogram;
import io.tcpcopy.metrics.Metrics;
import java.util.Optional;

/** What a copy takes, as programs that copy record it. */
public enum Delay {
    /** From the capture to the call that sends. */
    COPY("copy_delay_seconds"),
    /** From a request to the target's response, which datagrams have none of. */
    RESPONSE("response_seconds");

    private final String name;

    Delay(String name) {
        this.name = name;
    }

    /** Where a program records it, if it does. */
    public Optional<Histogram> of(Metrics metrics) {
        return metrics.histograms().stream()
                .filter(histogram -> histogram.description().name().equals(name))
                .findFirst();
    }
}
