package io.tcpcopy.session.base;

import io.tcpcopy.packet.TcpSeq;

/** How far a session had come that the one of the same client's address and port follows: what it had is no loss. */
public final class FormerConnection {
    private boolean known;
    private int lastSeq;

    /** None is known. */
    public FormerConnection() {}

    /** None is known. */
    public void clear() {
        known = false;
    }

    /** Notes the number behind the last one that the session had. */
    public void ended(int seq) {
        known = true;
        lastSeq = seq;
    }

    /** Makes this the same as another one. */
    public void copyFrom(FormerConnection other) {
        known = other.known;
        lastSeq = other.lastSeq;
    }

    /**
     * How many of a payload's first bytes the session had; none if it is numbered so low that it is of another one.
     *
     * @param seq number of the first byte
     * @param length of the payload in bytes
     */
    public int payloadHad(int seq, int length) {
        if (!known || SequenceJump.isBack(seq, lastSeq)) {
            return 0;
        }
        return Math.max(0, Math.min(length, TcpSeq.distance(seq, lastSeq)));
    }
}
