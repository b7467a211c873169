package io.tcpcopy.session.ledger;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;

/** How many requests the ledger has as dropped for a reason. */
public record DroppedRequests(DropReason reason) implements Metric {
    @Override
    public Description description() {
        return new Description(
                "ledger_dropped_requests_total",
                "Requests of clients that did not reach a target, by the reason.",
                "reason",
                reason.text());
    }
}
