package io.tcpcopy.session;

import io.tcpcopy.session.connection.QuietStream;

/** Leaves out payload of a client, as if it had been sent and acknowledged. */
public final class SkippedPayload {
    private SkippedPayload() {}

    /**
     * Leaves out so many bytes, less than 1 GiB, of a client that has one connection.
     *
     * @param client address of the client
     * @return whether that was possible, since nothing of it is under way
     */
    public static boolean skip(SessionEngine engine, int client, int bytes) {
        boolean[] skipped = new boolean[1];
        engine.forEachSession(session -> {
            if (session.identity().flow().clientAddress() == client) {
                skipped[0] = QuietStream.skip(session, bytes);
            }
        });
        return skipped[0];
    }
}
