package io.tcpcopy.session;

import io.tcpcopy.flow.FlowKey;

/** Which source port a copied connection uses towards its target, where others are in use. */
final class PortChoice {
    /** No port was free. */
    static final int NONE = -1;

    /** Ports tried before a session is given up: with so many in a row taken, the target is close to its limit. */
    private static final int MAX_TRIES = 4096;

    private final SessionTable table;
    private final EndedSessions ended;

    PortChoice(SessionTable table, EndedSessions ended) {
        this.table = table;
        this.ended = ended;
    }

    /**
     * The wanted port, or the next one that no other session uses towards the target.
     *
     * @return the port, or {@link #NONE}
     */
    int free(int address, int wantedPort, int targetIndex) {
        int port = wantedPort;
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            long key = FlowKey.of(address, port, targetIndex);
            if (table.byTarget(key) == null && ended.byTarget(key) == null) {
                return port;
            }
            port = PortShift.wrap(port + 1);
        }
        return NONE;
    }
}
