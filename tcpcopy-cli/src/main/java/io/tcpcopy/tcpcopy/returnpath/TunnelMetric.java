package io.tcpcopy.tcpcopy.returnpath;

import io.tcpcopy.metrics.Metric;

/** What is counted of the connections to the intercepts. */
public enum TunnelMetric implements Metric {
    CONNECTIONS("tunnel_connections", "Connections to intercepts that are up."),
    ROUTES_REFUSED("tunnel_routes_refused_total", "Routes that the full queue of a connection refused.");

    private final String metricName;
    private final String help;

    TunnelMetric(String metricName, String help) {
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
