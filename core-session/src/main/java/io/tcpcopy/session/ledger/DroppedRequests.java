package io.tcpcopy.session.ledger;

import io.tcpcopy.metrics.Metric;

/** How many requests the ledger has as dropped for a reason. */
public record DroppedRequests(DropReason reason) implements Metric {
    @Override
    public String metricName() {
        return "ledger_dropped_requests_total";
    }

    @Override
    public String help() {
        return "Requests of clients that did not reach a target, by the reason.";
    }

    @Override
    public String label() {
        return "reason";
    }

    @Override
    public String labelValue() {
        return reason.text();
    }
}
