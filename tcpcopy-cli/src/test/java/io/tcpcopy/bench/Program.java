package io.tcpcopy.bench;

import java.util.Locale;
import java.util.function.Function;

/** One of the pair that copies. */
enum Program {
    TCPCOPY(Measurement::tcpcopy),
    INTERCEPT(Measurement::intercept);

    private final Function<Measurement, Measurement.Cost> cost;

    Program(Function<Measurement, Measurement.Cost> cost) {
        this.cost = cost;
    }

    /** Its processor time in a run, in microseconds for each request. */
    double cpuMicrosPerRequest(Measurement run) {
        return cost.apply(run).cpuMicrosPerRequest(run.outcome().sent());
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
