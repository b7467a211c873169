package io.tcpcopy.session.udp;

import io.tcpcopy.metrics.Metric;

/** What is counted of datagrams. */
public enum DatagramCounter implements Metric {
    SENT("sent_datagrams_total", "Datagrams sent to targets, whole or as fragments.");

    private final String metricName;
    private final String help;

    DatagramCounter(String metricName, String help) {
        this.metricName = metricName;
        this.help = help;
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public String help() {
        return help;
    }
}
