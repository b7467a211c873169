package io.tcpcopy.observe;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;

/** A number of no program. */
record SampleNumber(Description description, long perUnit) implements Metric {
    SampleNumber(String name, String help) {
        this(new Description(name, help), 1);
    }

    SampleNumber(String name, String help, String label, String value) {
        this(new Description(name, help, label, value), 1);
    }
}
