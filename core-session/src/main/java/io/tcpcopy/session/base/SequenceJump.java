package io.tcpcopy.session.base;

import io.tcpcopy.packet.TcpSeq;

/**
 * Tells numbers of another connection, or of a broken capture, from those that are late or early: no client has so much in
 * flight.
 */
public final class SequenceJump {
    /**
     * Bytes. A client's window is no larger than its server's receive buffer, of which Linux gives 6 MB at most unless it is
     * told otherwise (tcp_rmem in tcp(7)).
     */
    private static final int MIN_JUMP = 16 << 20;

    private SequenceJump() {}

    /** Whether no client can have so many bytes in flight. */
    public static boolean isJump(int bytes) {
        return bytes > MIN_JUMP;
    }

    /** Whether a number lies so far below the next expected one that it is not late, but another connection's. */
    public static boolean isBack(int seq, int nextExpected) {
        return isJump(TcpSeq.distance(seq, nextExpected));
    }
}
