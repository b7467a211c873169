package io.tcpcopy.session;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;

/** Which connections of clients are copied now. */
public final class LiveSessions {
    private LiveSessions() {}

    /** Whether there is a session of a client's connection that is not in doubt. */
    public static boolean has(SessionEngine engine, Endpoint client, Endpoint server) {
        boolean[] found = new boolean[1];
        engine.forEachRealSession(
                session -> found[0] |= isBetween(session.identity().captured(), client, server));
        return found[0];
    }

    /** How many more packets with a right checksum a client has shown to its session than with a wrong one; 0 without one. */
    public static int checksumSurplus(SessionEngine engine, Endpoint client, Endpoint server) {
        int[] surplus = new int[1];
        engine.forEachSession(session -> {
            if (isBetween(session.identity().captured(), client, server)) {
                surplus[0] = session.checksums().surplus();
            }
        });
        return surplus[0];
    }

    private static boolean isBetween(Flow flow, Endpoint client, Endpoint server) {
        return flow.clientAddress() == client.address().bits()
                && flow.clientPort() == client.port()
                && flow.serverAddress() == server.address().bits()
                && flow.serverPort() == server.port();
    }
}
