package io.tcpcopy.session.table;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.admit.PortShift;
import io.tcpcopy.session.base.Part;

/** Which source port a copied connection uses towards its target, where others are in use. */
final class PortChoice {
    /** Ports tried before a session is given up: with so many in a row taken, the target is close to its limit. */
    private static final int MAX_TRIES = 4096;
    /** For how long a search that found none is not repeated: it takes as long as a hundred packets. */
    private static final long SEARCH_PAUSE_MS = 100;

    private static final int SEARCHES_LOG = 8;

    private final Part part;
    private final SessionTable table;
    private final EndedSessions ended;
    private final LeftPairs left;
    private final RecentPairs recent = new RecentPairs();
    private final RecentlyRefused searches = new RecentlyRefused(SEARCHES_LOG, SEARCH_PAUSE_MS);

    /** Chooses ports of a part that neither a session of the table uses, nor one that has just ended or gone to another port. */
    PortChoice(Part part, SessionTable table, EndedSessions ended, LeftPairs left) {
        this.part = part;
        this.table = table;
        this.ended = ended;
        this.left = left;
    }

    /**
     * Makes a flow's client port the next one, from the one it has on, that no other session uses towards the target.
     *
     * @return whether there is one
     */
    boolean choose(Flow flow, long nowNs) {
        long search = searchFrom(flow);
        if (!isFree(flow) && searches.contains(search, nowNs)) {
            return false;
        }
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            if (isFree(flow)) {
                return true;
            }
            next(flow);
        }
        searches.add(search, nowNs);
        return false;
    }

    /** A search from about the same port, between the same hosts, finds the same. */
    private static long searchFrom(Flow flow) {
        long server = flow.serverAddress() * 31L + flow.serverPort();
        return (server << Integer.SIZE) + (flow.clientAddress() & 0xFFFFFFFFL) * 31 + flow.clientPort() / MAX_TRIES;
    }

    /**
     * Makes a flow's client port the next one, behind the one it has, that no other session uses towards the target nor has
     * used of late, so that the target has forgotten it; if there is none, the next one that none uses.
     *
     * @return whether there is one
     */
    boolean chooseForgotten(Flow flow, long nowNs) {
        next(flow);
        int first = flow.clientPort();
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            if (isFree(flow) && !recent.isRemembered(flow, nowNs)) {
                return true;
            }
            next(flow);
        }
        return choose(flow.clientPort(first), nowNs);
    }

    private boolean isFree(Flow flow) {
        return part.has(flow) && table.byFlow(flow) == null && ended.byFlow(flow) == null && left.get(flow) == null;
    }

    private static void next(Flow flow) {
        flow.clientPort(PortShift.next(flow.clientPort()));
    }

    /** A connection between these ends is over. */
    void used(Flow flow, long nowNs) {
        recent.used(flow, nowNs);
    }
}
