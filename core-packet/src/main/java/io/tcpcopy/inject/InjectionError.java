package io.tcpcopy.inject;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.net.Errno;

/**
 * How often the kernel has refused a packet with an error.
 *
 * @param errno its number, 1 to {@link Errno#HIGHEST}; 0 stands for numbers beyond
 */
public record InjectionError(int errno) implements Metric {
    @Override
    public Description description() {
        return new Description(
                "injection_errors_total",
                "Packets for targets that the kernel refused, by the error; any of errno(3).",
                "errno",
                Errno.name(errno));
    }

    @Override
    public boolean isShownAtZero() {
        return false;
    }
}
