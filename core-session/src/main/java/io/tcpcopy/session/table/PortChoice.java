package io.tcpcopy.session.table;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.admit.PortShift;

/** Which source port a copied connection uses towards its target, where others are in use. */
final class PortChoice {
    /** Ports tried before a session is given up: with so many in a row taken, the target is close to its limit. */
    private static final int MAX_TRIES = 4096;

    private final SessionTable table;
    private final EndedSessions ended;

    /** Chooses ports that neither a session of the table nor one that has just ended uses. */
    PortChoice(SessionTable table, EndedSessions ended) {
        this.table = table;
        this.ended = ended;
    }

    /**
     * Makes a flow's client port the next one, from the one it has on, that no other session uses towards the target.
     *
     * @return whether there is one
     */
    boolean choose(Flow flow) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            if (table.byFlow(flow) == null && ended.byFlow(flow) == null) {
                return true;
            }
            flow.clientPort(PortShift.wrap(flow.clientPort() + 1));
        }
        return false;
    }
}
