package io.tcpcopy.session.connection;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.window.Packet;

/** Looks at what a session holds of its client. */
public final class WindowInspection {
    private WindowInspection() {}

    /** Whether a session holds any of the payload with these numbers. */
    public static boolean holds(Session session, int seq, int length) {
        for (Packet packet = session.window.first(); packet != null; packet = packet.next()) {
            int end = packet.seq() + packet.payloadLength();
            boolean overlaps = TcpSeq.lessThan(packet.seq(), seq + length) && TcpSeq.greaterThan(end, seq);
            if (packet.payloadLength() > 0 && overlaps) {
                return true;
            }
        }
        return false;
    }
}
