package io.tcpcopy.session.base;

import io.tcpcopy.packet.TcpSeq;

/**
 * One request of a client, known by what the client acknowledged in it: whoever has seen nothing new of the server since its payload before
 * goes on with the same request. Payload that acknowledges less was first sent earlier,
 * as the rest of a request was whose first bytes come again.
 */
public final class RequestMark {
    /** Bytes of responses. What a client sends again had seen so much less at most; more is what a long response has. */
    private static final int OLDER_RANGE = 16 << 20;

    private boolean noted;
    private boolean ackKnown;
    private int ack;

    /** No request. */
    public RequestMark() {}

    /** No request. */
    public void clear() {
        noted = false;
        ackKnown = false;
    }

    /** Payload is of this request, which acknowledges as much. */
    public void note(int newAck) {
        if (!isGoneOnWith(newAck)) {
            ack = newAck;
        }
        noted = true;
        ackKnown = true;
    }

    /** The same of payload that may have come with a SYN, and acknowledges nothing: {@link #clientHasAcknowledged} tells more. */
    public void note(int newAck, boolean acknowledges) {
        if (acknowledges) {
            note(newAck);
        } else {
            noted = true;
            ackKnown = false;
        }
    }

    /** Payload is of this request that was noted there. */
    public void note(RequestMark other) {
        note(other.ack, other.ackKnown);
    }

    /** The client acknowledges something for the first time: the SYN of its server, as it would have in payload that came with its own. */
    public void clientHasAcknowledged(int firstAck) {
        if (noted && !ackKnown) {
            note(firstAck);
        }
    }

    /** Makes this the same as another one. */
    public void copyFrom(RequestMark other) {
        noted = other.noted;
        ackKnown = other.ackKnown;
        ack = other.ack;
    }

    /** Whether payload was noted. */
    public boolean isNoted() {
        return noted;
    }

    /** Whether payload that acknowledges as much goes on with the request. */
    public boolean isGoneOnWith(int payloadAck) {
        return ackKnown && isNoNewer(payloadAck, ack);
    }

    /** Whether payload that was noted there goes on with the request. */
    public boolean isGoneOnWith(RequestMark other) {
        return other.ackKnown ? isGoneOnWith(other.ack) : noted && !ackKnown;
    }

    /** Whether payload that acknowledges one number was made before, or is of the same request as, what acknowledges the other one. */
    public static boolean isNoNewer(int payloadAck, int ack) {
        return TcpSeq.inWindow(payloadAck, ack - OLDER_RANGE, OLDER_RANGE + 1);
    }
}
