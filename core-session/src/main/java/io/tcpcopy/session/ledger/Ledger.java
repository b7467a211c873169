package io.tcpcopy.session.ledger;

import io.tcpcopy.metrics.Counters;
import io.tcpcopy.metrics.Metrics;

/**
 * What became of the clients' payload. Each byte that enters a session is entered once, and leaves once: delivered
 * (acknowledged by the target) or dropped with a reason. So at any time captured = delivered + dropped + waiting, in
 * bytes and in requests (payload packets that begin one).
 */
public final class Ledger {
    private final Counters<LedgerMetric> totals = new Counters<>(LedgerMetric.class);
    private final Counters<DropReason> droppedBytes = new Counters<>(DropReason.class);
    private final Counters<DropReason> droppedRequests = new Counters<>(DropReason.class);

    /** Adds its sides, but for what waits, which {@link HeldPayload} adds. */
    public void addTo(Metrics metrics) {
        metrics.add(LedgerMetric.CAPTURED_BYTES, this::capturedBytes)
                .add(LedgerMetric.CAPTURED_REQUESTS, this::capturedRequests)
                .add(LedgerMetric.DELIVERED_BYTES, this::deliveredBytes)
                .add(LedgerMetric.DELIVERED_REQUESTS, this::deliveredRequests)
                .add(LedgerMetric.CUT_OFF_REQUESTS, this::cutOffRequests);
        for (DropReason reason : DropReason.values()) {
            metrics.add(new DroppedBytes(reason), () -> droppedBytes(reason));
            metrics.add(new DroppedRequests(reason), () -> droppedRequests(reason));
        }
    }

    /** Bytes of payload that entered a session. */
    public long capturedBytes() {
        return totals.get(LedgerMetric.CAPTURED_BYTES);
    }

    /** Requests that entered a session. */
    public long capturedRequests() {
        return totals.get(LedgerMetric.CAPTURED_REQUESTS);
    }

    /** Bytes that a target acknowledged. */
    public long deliveredBytes() {
        return totals.get(LedgerMetric.DELIVERED_BYTES);
    }

    /** Requests whose first packet a target acknowledged. */
    public long deliveredRequests() {
        return totals.get(LedgerMetric.DELIVERED_REQUESTS);
    }

    /** Requests that count as delivered, and of which the target got the beginning alone. */
    public long cutOffRequests() {
        return totals.get(LedgerMetric.CUT_OFF_REQUESTS);
    }

    /** Bytes dropped for a reason. */
    public long droppedBytes(DropReason reason) {
        return droppedBytes.get(reason);
    }

    /** Requests dropped for a reason. */
    public long droppedRequests(DropReason reason) {
        return droppedRequests.get(reason);
    }

    /** Bytes dropped for any reason. */
    public long droppedBytes() {
        return sum(droppedBytes);
    }

    /** Requests dropped for any reason. */
    public long droppedRequests() {
        return sum(droppedRequests);
    }

    /** Bytes that must be in flight or wait, since the other totals leave them: see {@link HeldPayload}. */
    public long waitingBytes() {
        return capturedBytes() - deliveredBytes() - droppedBytes();
    }

    /** Requests that must be in flight or wait, since the other totals leave them. */
    public long waitingRequests() {
        return capturedRequests() - deliveredRequests() - droppedRequests();
    }

    private static long sum(Counters<DropReason> counters) {
        long sum = 0;
        for (DropReason reason : DropReason.values()) {
            sum += counters.get(reason);
        }
        return sum;
    }

    /** Payload enters a session. */
    public void captured(int bytes) {
        totals.add(LedgerMetric.CAPTURED_BYTES, bytes);
    }

    /** The target has acknowledged all of a packet; {@code beginsRequest}: whether a request begins with it. */
    public void delivered(int bytes, boolean beginsRequest) {
        totals.add(LedgerMetric.DELIVERED_BYTES, bytes);
        totals.add(LedgerMetric.DELIVERED_REQUESTS, beginsRequest ? 1 : 0);
    }

    /**
     * A packet leaves a session before it was wholly acknowledged.
     *
     * @param bytes payload of the packet
     * @param deliveredBytes how many of the first ones the target acknowledged
     * @param beginsRequest whether a request begins with it
     */
    public void dropped(int bytes, int deliveredBytes, boolean beginsRequest, DropReason reason) {
        totals.add(LedgerMetric.DELIVERED_BYTES, deliveredBytes);
        droppedBytes.add(reason, bytes - deliveredBytes);
        droppedRequests.add(reason, beginsRequest ? 1 : 0);
    }

    /** Payload is dropped that goes on with a request of which nothing was dropped before. */
    public void requestCutOff() {
        totals.add(LedgerMetric.CUT_OFF_REQUESTS, 1);
    }

    /** A packet that is in a session begins a request. */
    public void requestBegins() {
        totals.add(LedgerMetric.CAPTURED_REQUESTS, 1);
    }

    /**
     * The first bytes of a packet are taken off.
     *
     * @param endsRequest whether they were all, and a request began with them, which is dropped as well
     */
    public void trimmed(int bytes, boolean endsRequest, DropReason reason) {
        droppedBytes.add(reason, bytes);
        droppedRequests.add(reason, endsRequest ? 1 : 0);
    }

    /** Payload is dropped at the door: it enters and leaves at once. */
    public void refused(int bytes, boolean beginsRequest, DropReason reason) {
        totals.add(LedgerMetric.CAPTURED_BYTES, bytes);
        droppedBytes.add(reason, bytes);
        if (beginsRequest) {
            totals.add(LedgerMetric.CAPTURED_REQUESTS, 1);
            droppedRequests.add(reason, 1);
        }
    }
}
