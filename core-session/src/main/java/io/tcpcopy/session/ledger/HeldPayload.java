package io.tcpcopy.session.ledger;

import io.tcpcopy.metrics.Metrics;

/**
 * What the windows of all sessions hold: what the {@link Ledger} must have as waiting. Kept from the packets as they come
 * and go, while the ledger keeps what becomes of them.
 */
public final class HeldPayload {
    private long bytes;
    private long requests;

    /** Adds what waits. */
    public void addTo(Metrics metrics) {
        metrics.add(LedgerMetric.WAITING_BYTES, this::bytes).add(LedgerMetric.WAITING_REQUESTS, this::requests);
    }

    /** Bytes of payload, in flight or not sent yet. */
    public long bytes() {
        return bytes;
    }

    /** Requests that begin in it. */
    public long requests() {
        return requests;
    }

    /** A packet with so much payload has come. */
    public void entered(int packetBytes) {
        bytes += packetBytes;
    }

    /** A packet that is in a window begins a request. */
    public void requestBegins() {
        requests++;
    }

    /** The payload of a packet has become shorter. */
    public void trimmed(int trimmedBytes) {
        bytes -= trimmedBytes;
    }

    /** A packet that is in a window does not begin a request any more. */
    public void requestGone() {
        requests--;
    }

    /** A packet with so much payload has gone; {@code beganRequest}: whether a request began with it. */
    public void left(int packetBytes, boolean beganRequest) {
        bytes -= packetBytes;
        requests -= beganRequest ? 1 : 0;
    }
}
