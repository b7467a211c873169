package io.tcpcopy.intercept.report;

import io.tcpcopy.metrics.Metric;

/** What is not counted in one place but asked for where it is kept. */
public enum InterceptMetric implements Metric {
    ROUTES("routes", "Routes held."),
    DELAYED("responses_waiting", "Responses that wait for their route."),
    CONNECTIONS("tunnel_connections", "Connections of tcpcopys."),
    WRITES("tunnel_writes_total", "How many times bytes were handed to the kernel."),
    ACCEPT_FAILURES(
            "tunnel_accept_failures_total", "How many times the kernel could not give out a connection that waited.");

    private final String metricName;
    private final String help;

    InterceptMetric(String metricName, String help) {
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
