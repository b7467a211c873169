package io.tcpcopy.tcpcopy.returnpath;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;

/** What is counted of the connections to the intercepts. */
public enum TunnelMetric implements Metric {
    CONNECTIONS("tunnel_connections", "Connections to intercepts that are up."),
    ROUTES_REFUSED("tunnel_routes_refused_total", "Routes that the full queue of a connection refused.");

    private final Description description;

    TunnelMetric(String name, String help) {
        description = new Description(name, help);
    }

    @Override
    public Description description() {
        return description;
    }
}
