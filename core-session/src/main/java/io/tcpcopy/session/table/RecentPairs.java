package io.tcpcopy.session.table;

import io.tcpcopy.flow.Flow;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Which pairs of addresses and ports were used within the last minute, so that a target may still remember them (TIME-WAIT).
 * Several pairs share a place in memory: one that was not used may seem to be, and none the other way round.
 */
final class RecentPairs {
    /** As long as Linux keeps a connection in TIME-WAIT (TCP_TIMEWAIT_LEN). */
    private static final long REMEMBERED_NS = TimeUnit.SECONDS.toNanos(60);

    private static final int PLACES_SHIFT = 16;
    private static final int NEVER_USED = -1;
    private static final int MULTIPLIER = 0x9E3779B9;

    /** When each was last used, in seconds. */
    private final int[] usedS = new int[1 << PLACES_SHIFT];

    /** None was used. */
    RecentPairs() {
        Arrays.fill(usedS, NEVER_USED);
    }

    /** A connection between these ends is over. */
    void used(Flow flow, long nowNs) {
        usedS[place(flow)] = seconds(nowNs);
    }

    /** Whether a target may still remember a connection between these ends. */
    boolean isRemembered(Flow flow, long nowNs) {
        int usedAt = usedS[place(flow)];
        return usedAt != NEVER_USED && seconds(nowNs) - usedAt <= seconds(REMEMBERED_NS);
    }

    private static int seconds(long ns) {
        return (int) TimeUnit.NANOSECONDS.toSeconds(ns) & Integer.MAX_VALUE;
    }

    private static int place(Flow flow) {
        int hash = (flow.clientAddress() * 31 + flow.serverAddress()) * 31 + flow.serverPort();
        // Ports of one client lie in places of their own.
        return (hash * MULTIPLIER >>> PLACES_SHIFT) + flow.clientPort() & (1 << PLACES_SHIFT) - 1;
    }
}
