package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.DroppedBytes;
import io.tcpcopy.session.ledger.DroppedRequests;
import io.tcpcopy.session.ledger.LedgerMetric;
import io.tcpcopy.session.udp.DatagramCounter;
import java.util.Arrays;
import java.util.function.Function;

/** How many were captured, how many of these reached the target, and how many will not; the rest is under way. */
public record Account(long captured, long delivered, long lost) {
    /** Whether a program copies connections, and so has requests and bytes; otherwise it copies datagrams. */
    public static boolean hasRequests(Metrics metrics) {
        return metrics.all().contains(LedgerMetric.CAPTURED_REQUESTS);
    }

    /** Requests so far, as lost also where the target got the beginning alone. What clients repeated does not count as captured, nor as lost. */
    public static Account ofRequests(Metrics metrics) {
        Account account =
                of(metrics, LedgerMetric.CAPTURED_REQUESTS, LedgerMetric.DELIVERED_REQUESTS, DroppedRequests::new);
        long cutOff = metrics.get(LedgerMetric.CUT_OFF_REQUESTS);
        return new Account(account.captured, account.delivered - cutOff, account.lost + cutOff);
    }

    /** Bytes of payload so far. What clients repeated does not count as captured, nor as lost. */
    public static Account ofBytes(Metrics metrics) {
        return of(metrics, LedgerMetric.CAPTURED_BYTES, LedgerMetric.DELIVERED_BYTES, DroppedBytes::new);
    }

    private static Account of(
            Metrics metrics, LedgerMetric captured, LedgerMetric delivered, Function<DropReason, Metric> dropped) {
        long repeated = 0;
        long lost = 0;
        for (DropReason reason : DropReason.values()) {
            long number = metrics.get(dropped.apply(reason));
            if (!reason.isLoss()) {
                repeated += number;
            } else {
                lost += number;
            }
        }
        return new Account(metrics.get(captured) - repeated, metrics.get(delivered), lost);
    }

    /**
     * Datagrams so far. What becomes of them behind this host is not known. Of those that leave as fragments, each fragment that
     * is lost counts.
     */
    public static Account ofDatagrams(Metrics metrics) {
        long sent = metrics.get(DatagramCounter.SENT);
        long notLeft = Arrays.stream(InjectCounter.values())
                .filter(fate -> fate != InjectCounter.SENT)
                .mapToLong(metrics::get)
                .sum();
        long lost = Math.min(sent, notLeft);
        return new Account(sent, sent - lost, lost);
    }
}
