package io.tcpcopy.loop;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;
import java.util.concurrent.TimeUnit;

/** Turns of the loop by length. What arrives meanwhile waits: a turn of 10 ms delays it by as much. */
public enum TurnLength implements Metric {
    /** As all turns should be. */
    UP_TO_1_MS(TimeUnit.MILLISECONDS.toNanos(1), "up to 1 ms"),
    /** Usual under load, when each turn has many packets. */
    UP_TO_10_MS(TimeUnit.MILLISECONDS.toNanos(10), "up to 10 ms"),
    /** Something takes long: the machine is overloaded, or a file or terminal slow. */
    UP_TO_100_MS(TimeUnit.MILLISECONDS.toNanos(100), "up to 100 ms"),
    /** The program, or its machine, stood still. */
    LONGER(Long.MAX_VALUE, "longer");

    private static final TurnLength[] ALL = values();

    private final long mostNs;
    private final String length;

    TurnLength(long mostNs, String length) {
        this.mostNs = mostNs;
        this.length = length;
    }

    static TurnLength of(long lengthNs) {
        int index = 0;
        while (lengthNs > ALL[index].mostNs) {
            index++;
        }
        return ALL[index];
    }

    @Override
    public Description description() {
        return new Description("loop_turns_total", "Turns of the event loop, by how long they took.", "length", length);
    }
}
