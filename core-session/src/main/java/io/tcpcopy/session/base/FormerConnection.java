package io.tcpcopy.session.base;

import io.tcpcopy.packet.TcpSeq;

/** How far a session had come that the one of the same client's address and port follows: what it had is no loss. */
public final class FormerConnection {
    private boolean known;
    private int firstSeq;
    private int lastSeq;

    /** None is known. */
    public FormerConnection() {}

    /** None is known. */
    public void clear() {
        known = false;
    }

    /** Notes the lowest number that the session had, and the one behind its last. */
    public void ended(int first, int last) {
        known = true;
        firstSeq = first;
        lastSeq = last;
    }

    /** Makes this the same as another one. */
    public void copyFrom(FormerConnection other) {
        known = other.known;
        firstSeq = other.firstSeq;
        lastSeq = other.lastSeq;
    }

    /**
     * How many of a payload's first bytes the session had; none if it is numbered below, so that it is of another one.
     *
     * @param seq number of the first byte
     * @param length of the payload in bytes
     */
    public int payloadHad(int seq, int length) {
        if (!known || TcpSeq.lessThan(seq, firstSeq) || SequenceJump.isBack(seq, lastSeq)) {
            return 0;
        }
        return Math.max(0, Math.min(length, TcpSeq.distance(seq, lastSeq)));
    }
}
