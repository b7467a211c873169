package io.tcpcopy.intercept.routing;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.logging.RateLimitedLog;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.tunnel.ResponseRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tcpcopy alone, which sends no routes: all responses are its own, and are spread over its connections. A hash of
 * addresses and ports chooses, so that one session's responses stay on one connection, in order.
 */
final class HashRouting implements Routing {
    /** The most connections that get anything: more than a tcpcopy makes. */
    static final int MAX_CONNECTIONS = 16;

    /** The parallel connections of one tcpcopy are made within so many whole seconds. */
    private static final long SAME_TCPCOPY_S = 3;

    private static final Logger LOG = LoggerFactory.getLogger(HashRouting.class);
    /** 2^32 divided by the golden ratio: spreads what differs in few bits over the upper ones. */
    private static final int SPREAD = 0x9E3779B9;

    private static final int PRIME = 31;

    private final boolean keepsFirst;
    private final Counters<InterceptCounter> counters;
    private final NotRouted notRouted;
    private final LongSupplier clockNs;
    private final RateLimitedLog warningLog = new RateLimitedLog(LOG);

    /** The connections of the tcpcopy that is served, the oldest first. */
    private final List<RouteOwner> owners = new ArrayList<>();

    private long firstJoinedNs;
    /** How many of them were lost since the first joined, and have not come back. */
    private int lost;

    private boolean routesWarned;

    /**
     * A routing that serves nobody yet.
     *
     * @param keepsFirst whether the tcpcopy that is served stays when another one comes; if not, it is replaced
     * @param clockNs the time of the loop's turn
     */
    HashRouting(boolean keepsFirst, Counters<InterceptCounter> counters, LongSupplier clockNs) {
        this.keepsFirst = keepsFirst;
        this.counters = counters;
        this.notRouted = new NotRouted(counters);
        this.clockNs = clockNs;
    }

    @Override
    public void response(ResponseRecord record) {
        if (owners.isEmpty()) {
            notRouted.count(record);
            return;
        }
        counters.increment(InterceptCounter.ROUTED);
        int index = hash(record) % Math.min(owners.size(), MAX_CONNECTIONS);
        owners.get(index).append(record.buffer(), record.ip().offset());
    }

    @Override
    public boolean awaits(ResponseRecord record) {
        return !owners.isEmpty();
    }

    /**
     * Who connects but never announces a version, such as a scanner, replaces nobody. A connection that the served tcpcopy has
     * lost may come back at any time.
     */
    @Override
    public void joined(RouteOwner owner) {
        long nowNs = clockNs.getAsLong();
        boolean later = TimeUnit.NANOSECONDS.toSeconds(nowNs - firstJoinedNs) > SAME_TCPCOPY_S;
        if (!owners.isEmpty() && later && !comesBack(owner)) {
            if (keepsFirst) {
                counters.increment(InterceptCounter.CONNECTIONS_REFUSED);
                owner.close("refused: --single serves one tcpcopy, and -c keeps the first");
                return;
            }
            replaceAll(nowNs);
        }
        if (owners.isEmpty()) {
            firstJoinedNs = nowNs;
            lost = 0;
            routesWarned = false;
        }
        lost = Math.max(0, lost - 1);
        owners.add(owner);
        if (owners.size() > MAX_CONNECTIONS && warningLog.admits(nowNs)) {
            warningLog.warn("a tcpcopy has more than " + MAX_CONNECTIONS
                    + " connections: --single leaves those beyond without responses");
        }
    }

    /** Whether it takes the place of a connection that the tcpcopy has lost. */
    private boolean comesBack(RouteOwner owner) {
        return lost > 0 && owner.address().equals(owners.get(0).address());
    }

    private void replaceAll(long nowNs) {
        if (warningLog.admits(nowNs)) {
            warningLog.warn(
                    "another tcpcopy connects, and --single serves one: it replaces the one before (-c would keep"
                            + " the first)");
        }
        List<RouteOwner> replaced = List.copyOf(owners);
        owners.clear();
        replaced.forEach(owner -> owner.close("replaced: another tcpcopy has connected, and --single serves one"));
    }

    /** A route is no harm, but whoever sends it takes this for an intercept that serves others as well. */
    @Override
    public void addRoute(Flow flow, RouteOwner owner) {
        if (!routesWarned) {
            routesWarned = true;
            LOG.warn("a tcpcopy sends routes, which --single ignores: give --single to both programs or to neither");
        }
    }

    @Override
    public void deleteRoute(Flow flow, RouteOwner owner) {
        // As for adding, which came before.
    }

    @Override
    public void left(RouteOwner owner) {
        if (owners.remove(owner)) {
            lost++;
        }
    }

    @Override
    public boolean expire() {
        return false;
    }

    @Override
    public int routes() {
        return 0;
    }

    @Override
    public int delayed() {
        return 0;
    }

    /** 0 to 255: one byte of a hash of the connection's addresses and ports. */
    private static int hash(ResponseRecord record) {
        int client = record.ip().destination() * PRIME + record.tcp().destinationPort();
        int target = record.ip().source() * PRIME + record.tcp().sourcePort();
        return (client * PRIME + target) * SPREAD >>> Integer.SIZE - Byte.SIZE;
    }
}
