package io.tcpcopy.session.connection;

import io.tcpcopy.session.window.Packet;
import java.util.function.ToLongFunction;

/** Counts what the window of a session holds, packet by packet. */
public final class WindowContents {
    private WindowContents() {}

    /** Bytes of payload. */
    public static long bytes(Session session) {
        return sum(session, Packet::payloadLength);
    }

    /** Requests that begin in it. */
    public static long requests(Session session) {
        return sum(session, packet -> packet.beginsRequest() ? 1 : 0);
    }

    private static long sum(Session session, ToLongFunction<Packet> figure) {
        long sum = 0;
        for (Packet packet = session.window.first(); packet != null; packet = packet.next()) {
            sum += figure.applyAsLong(packet);
        }
        return sum;
    }
}
