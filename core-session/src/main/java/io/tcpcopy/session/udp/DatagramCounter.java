package io.tcpcopy.session.udp;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;

/** What is counted of datagrams. */
public enum DatagramCounter implements Metric {
    SENT("sent_datagrams_total", "Datagrams sent to targets, whole or as fragments.");

    private final Description description;

    DatagramCounter(String name, String help) {
        description = new Description(name, help);
    }

    @Override
    public Description description() {
        return description;
    }
}
