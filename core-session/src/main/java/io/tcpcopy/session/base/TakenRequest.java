package io.tcpcopy.session.base;

/**
 * The request that the target took last, in part at least. What goes on with it is of no use to another connection: half a
 * request helps nobody.
 */
public final class TakenRequest {
    private boolean known;
    private int clientAck;

    /** No request has been taken. */
    public TakenRequest() {}

    /** No request has been taken. */
    public void clear() {
        known = false;
    }

    /** A request was taken, in which the client acknowledged this. */
    public void note(int newClientAck) {
        known = true;
        clientAck = newClientAck;
    }

    /** Makes this the same as another one. */
    public void copyFrom(TakenRequest other) {
        known = other.known;
        clientAck = other.clientAck;
    }

    /** Whether payload in which the client acknowledges this goes on with the request. */
    public boolean isContinuedBy(int payloadAck) {
        return known && payloadAck == clientAck;
    }
}
