package io.tcpcopy.session.ledger;

import io.tcpcopy.metrics.Metric;

/** How many bytes the ledger has as dropped for a reason. */
public record DroppedBytes(DropReason reason) implements Metric {
    @Override
    public String metricName() {
        return "ledger_dropped_bytes_total";
    }

    @Override
    public String help() {
        return "Bytes of clients' payload that did not reach a target, by the reason.";
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
