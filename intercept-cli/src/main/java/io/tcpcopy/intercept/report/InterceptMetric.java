package io.tcpcopy.intercept.report;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;

/** What is not counted in one place but asked for where it is kept. */
public enum InterceptMetric implements Metric {
    ROUTES("routes", "Routes held."),
    DELAYED("responses_waiting", "Responses that wait for their route."),
    CONNECTIONS("tunnel_connections", "Connections of tcpcopys."),
    WRITES("tunnel_writes_total", "How many times bytes were handed to the kernel."),
    ACCEPT_FAILURES(
            "tunnel_accept_failures_total", "How many times the kernel could not give out a connection that waited.");

    private final Description description;

    InterceptMetric(String name, String help) {
        description = new Description(name, help);
    }

    @Override
    public Description description() {
        return description;
    }
}
