package io.tcpcopy.session.base;

/**
 * The last request of a client that the target took, in part at least, or that was dropped with its session. What goes on with it is of no
 * use to another connection: half a request helps nobody.
 */
public final class LastRequest {
    private boolean known;
    private int clientAck;

    /** There was none. */
    public LastRequest() {}

    /** There was none. */
    public void clear() {
        known = false;
    }

    /** A request was taken or dropped, in which the client acknowledged this. */
    public void note(int newClientAck) {
        known = true;
        clientAck = newClientAck;
    }

    /** Makes this the same as another one. */
    public void copyFrom(LastRequest other) {
        known = other.known;
        clientAck = other.clientAck;
    }

    /** Whether payload in which the client acknowledges this goes on with the request. */
    public boolean isContinuedBy(int payloadAck) {
        return known && payloadAck == clientAck;
    }
}
