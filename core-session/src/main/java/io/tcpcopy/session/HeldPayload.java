package io.tcpcopy.session;

/**
 * What the windows of all sessions hold: what the {@link Ledger} must have as waiting. Kept from the packets as they come
 * and go, while the ledger keeps what becomes of them.
 */
public final class HeldPayload {
    private long bytes;
    private long requests;

    /** Bytes of payload, in flight or not sent yet. */
    public long bytes() {
        return bytes;
    }

    /** Requests that begin in it. */
    public long requests() {
        return requests;
    }

    void entered(Packet packet) {
        bytes += packet.payloadLength;
    }

    void requestBegins() {
        requests++;
    }

    /** The payload of a packet has become shorter. */
    void trimmed(int trimmedBytes) {
        bytes -= trimmedBytes;
    }

    /** A packet that is in a window does not begin a request any more. */
    void requestGone() {
        requests--;
    }

    void left(Packet packet) {
        bytes -= packet.payloadLength;
        requests -= packet.beginsRequest ? 1 : 0;
    }
}
