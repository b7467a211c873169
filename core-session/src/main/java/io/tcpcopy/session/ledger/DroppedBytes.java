package io.tcpcopy.session.ledger;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;

/** How many bytes the ledger has as dropped for a reason. */
public record DroppedBytes(DropReason reason) implements Metric {
    @Override
    public Description description() {
        return new Description(
                "ledger_dropped_bytes_total",
                "Bytes of clients' payload that did not reach a target, by the reason.",
                "reason",
                reason.text());
    }
}
