package io.tcpcopy.session.ledger;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;

/** The sides of the ledger but for what was dropped: {@link DroppedBytes}, {@link DroppedRequests}. */
public enum LedgerMetric implements Metric {
    CAPTURED_BYTES("ledger_captured_bytes_total", "Bytes of clients' payload that entered sessions."),
    CAPTURED_REQUESTS("ledger_captured_requests_total", "Requests of clients that entered sessions."),
    DELIVERED_BYTES("ledger_delivered_bytes_total", "Bytes of payload that targets acknowledged."),
    DELIVERED_REQUESTS("ledger_delivered_requests_total", "Requests whose first packet a target acknowledged."),
    CUT_OFF_REQUESTS(
            "ledger_cut_off_requests_total",
            "Requests of which the first packet counts as delivered, and more was dropped: targets got the beginning alone."),
    WAITING_BYTES("ledger_waiting_bytes", "Bytes of payload that sessions hold now: in flight, or not sent yet."),
    WAITING_REQUESTS("ledger_waiting_requests", "Requests that begin in what sessions hold now.");

    private final Description description;

    LedgerMetric(String name, String help) {
        description = new Description(name, help);
    }

    @Override
    public Description description() {
        return description;
    }
}
