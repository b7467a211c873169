package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.DroppedBytes;
import io.tcpcopy.session.ledger.DroppedRequests;
import io.tcpcopy.session.ledger.LedgerMetric;

/**
 * The sides of the ledger.
 *
 * @param droppedBytes for any reason
 * @param droppedRequests for any reason
 * @param balance whether all that was captured is delivered, dropped or waits
 */
record LedgerSums(long droppedBytes, long droppedRequests, boolean balance) {
    static LedgerSums of(Metrics metrics) {
        long bytes = 0;
        long requests = 0;
        for (DropReason reason : DropReason.values()) {
            bytes += metrics.get(new DroppedBytes(reason));
            requests += metrics.get(new DroppedRequests(reason));
        }
        boolean balance = metrics.get(LedgerMetric.CAPTURED_BYTES)
                        == metrics.get(LedgerMetric.DELIVERED_BYTES) + metrics.get(LedgerMetric.WAITING_BYTES) + bytes
                && metrics.get(LedgerMetric.CAPTURED_REQUESTS)
                        == metrics.get(LedgerMetric.DELIVERED_REQUESTS)
                                + metrics.get(LedgerMetric.WAITING_REQUESTS)
                                + requests;
        return new LedgerSums(bytes, requests, balance);
    }
}
