package io.tcpcopy.session;

import io.tcpcopy.counters.Counters;

/**
 * What became of the clients' payload. Each byte that enters a session is entered once, and leaves once: delivered
 * (acknowledged by the target) or dropped with a reason. So at any time captured = delivered + dropped + waiting, in
 * bytes and in requests (payload packets that begin one).
 */
public final class Ledger {
    private enum Total {
        CAPTURED_BYTES,
        CAPTURED_REQUESTS,
        DELIVERED_BYTES,
        DELIVERED_REQUESTS
    }

    private final Counters<Total> totals = new Counters<>(Total.class);
    private final Counters<DropReason> droppedBytes = new Counters<>(DropReason.class);
    private final Counters<DropReason> droppedRequests = new Counters<>(DropReason.class);

    /** Bytes of payload that entered a session. */
    public long capturedBytes() {
        return totals.get(Total.CAPTURED_BYTES);
    }

    /** Requests that entered a session. */
    public long capturedRequests() {
        return totals.get(Total.CAPTURED_REQUESTS);
    }

    /** Bytes that a target acknowledged. */
    public long deliveredBytes() {
        return totals.get(Total.DELIVERED_BYTES);
    }

    /** Requests whose first packet a target acknowledged. */
    public long deliveredRequests() {
        return totals.get(Total.DELIVERED_REQUESTS);
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

    void captured(Packet packet) {
        totals.add(Total.CAPTURED_BYTES, packet.payloadLength);
    }

    void delivered(Packet packet) {
        totals.add(Total.DELIVERED_BYTES, packet.payloadLength);
        totals.add(Total.DELIVERED_REQUESTS, packet.beginsRequest ? 1 : 0);
    }

    /**
     * A packet leaves a session before it was wholly acknowledged.
     *
     * @param deliveredBytes how many of its first bytes the target acknowledged
     */
    void dropped(Packet packet, int deliveredBytes, DropReason reason) {
        totals.add(Total.DELIVERED_BYTES, deliveredBytes);
        droppedBytes.add(reason, packet.payloadLength - deliveredBytes);
        droppedRequests.add(reason, packet.beginsRequest ? 1 : 0);
    }

    /** A packet that is in a session begins a request. */
    void requestBegins() {
        totals.add(Total.CAPTURED_REQUESTS, 1);
    }

    /** The first bytes of a packet are taken off; with all of them goes the request that it began. */
    void trimmed(Packet packet, int bytes, DropReason reason) {
        droppedBytes.add(reason, bytes);
        if (bytes == packet.payloadLength && packet.beginsRequest) {
            droppedRequests.add(reason, 1);
        }
    }

    /** Payload is dropped at the door: it enters and leaves at once. */
    void refused(int bytes, boolean beginsRequest, DropReason reason) {
        totals.add(Total.CAPTURED_BYTES, bytes);
        droppedBytes.add(reason, bytes);
        if (beginsRequest) {
            totals.add(Total.CAPTURED_REQUESTS, 1);
            droppedRequests.add(reason, 1);
        }
    }
}
