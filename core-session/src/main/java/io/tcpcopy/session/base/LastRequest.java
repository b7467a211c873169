package io.tcpcopy.session.base;

/**
 * The last request of a client that the target took, in part at least, or that was dropped with its session. What goes on with it is of no
 * use to another connection: half a request helps nobody.
 */
public final class LastRequest {
    private boolean known;
    private int clientAck;
    /** Whether it counts as lost already, or as cut off. */
    private boolean lossCounted;

    /** There was none. */
    public LastRequest() {}

    /** There was none. */
    public void clear() {
        known = false;
        lossCounted = false;
    }

    /** A request was taken, in part at least, in which the client acknowledged this. */
    public void taken(int newClientAck) {
        lossCounted &= isContinuedBy(newClientAck);
        known = true;
        clientAck = newClientAck;
    }

    /** The beginning of a request was dropped, in which the client acknowledged this. */
    public void dropped(int newClientAck) {
        taken(newClientAck);
        lossCounted = true;
    }

    /**
     * Payload behind the beginning of a request was dropped, in which the client acknowledges this.
     *
     * @return whether that cuts off this request, of which nothing was lost before
     */
    public boolean restDropped(int payloadAck) {
        boolean cutOff = isContinuedBy(payloadAck) && !lossCounted;
        lossCounted |= cutOff;
        return cutOff;
    }

    /** Makes this the same as another one. */
    public void copyFrom(LastRequest other) {
        known = other.known;
        clientAck = other.clientAck;
        lossCounted = other.lossCounted;
    }

    /** Whether payload in which the client acknowledges this goes on with the request. */
    public boolean isContinuedBy(int payloadAck) {
        return known && payloadAck == clientAck;
    }
}
