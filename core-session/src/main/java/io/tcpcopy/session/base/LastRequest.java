package io.tcpcopy.session.base;

/**
 * The last request of a client that the target took, in part at least, or that was dropped with its session. What goes on with it is of no
 * use to another connection: half a request helps nobody.
 */
public final class LastRequest {
    private final RequestMark mark = new RequestMark();
    /** Whether it counts as lost already, or as cut off. */
    private boolean lossCounted;

    /** There was none. */
    public LastRequest() {}

    /** There was none. */
    public void clear() {
        mark.clear();
        lossCounted = false;
    }

    /** Payload of a request was taken. */
    public void noteTaken(RequestMark request) {
        lossCounted &= mark.isGoneOnWith(request);
        mark.note(request);
    }

    /** The beginning of a request was dropped. */
    public void noteDropped(RequestMark request) {
        noteTaken(request);
        lossCounted = true;
    }

    /**
     * Payload behind the beginning of a request was dropped, in which the client acknowledges this.
     *
     * @return whether that cuts off this request, of which nothing was lost before
     */
    public boolean noteRestDropped(int payloadAck) {
        boolean cutOff = isContinuedBy(payloadAck) && !lossCounted;
        lossCounted |= cutOff;
        return cutOff;
    }

    /** The client acknowledges something for the first time; see {@link RequestMark#clientHasAcknowledged}. */
    public void clientHasAcknowledged(int firstAck) {
        mark.clientHasAcknowledged(firstAck);
    }

    /** Makes this the same as another one. */
    public void copyFrom(LastRequest other) {
        mark.copyFrom(other.mark);
        lossCounted = other.lossCounted;
    }

    /** Whether payload in which the client acknowledges this goes on with the request. */
    public boolean isContinuedBy(int payloadAck) {
        return mark.isGoneOnWith(payloadAck);
    }
}
