package io.tcpcopy.session;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.connection.WindowInspection;

/** Looks at what the sessions hold of a client. */
public final class PayloadInspection {
    private PayloadInspection() {}

    /**
     * Whether any of a client's payload with these numbers waits for the target or its acknowledgement.
     *
     * @param client address of the client
     * @param port of the client
     */
    public static boolean isHeld(SessionEngine engine, int client, int port, int seq, int length) {
        boolean[] held = new boolean[1];
        engine.forEachSession(session -> {
            Flow flow = session.identity().captured();
            if (flow.clientAddress() == client && flow.clientPort() == port) {
                held[0] |= WindowInspection.holds(session, seq, length);
            }
        });
        return held[0];
    }
}
