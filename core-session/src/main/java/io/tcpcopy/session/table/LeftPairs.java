package io.tcpcopy.session.table;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.flow.FlowMap;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.session.base.SessionIdentity;
import io.tcpcopy.session.connection.SessionContext;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Pairs of client port and target that sessions have left, since the target does not give up an older connection there. Their routes
 * stay for a while: what the target still says shows which RST it believes.
 */
final class LeftPairs {
    /** As long as repetitions of a SYN-ACK, of payload or of a FIN go on; as for sessions that have ended. */
    private static final long LIFE_NS = TimeUnit.SECONDS.toNanos(6);
    /** So many can be left in that time only where a target answers every SYN with a challenge: then the oldest go early. */
    private static final int MAX_SIZE = 1 << 14;

    private static final int EXPECTED_SIZE = 16;

    private final boolean dnat;
    private final Routes routes;
    private final FlowMap<LeftPair> byResponse = new FlowMap<>(EXPECTED_SIZE);
    private final Queue<LeftPair> oldestFirst = new ArrayDeque<>();
    private final Flow responseFlow = new Flow();

    private record LeftPair(SessionIdentity identity, long expiryNs) {}

    /** No pair was left. */
    LeftPairs(SessionContext context) {
        dnat = context.settings().dnat();
        routes = context.routes();
    }

    /** The pair of a session is left; its identity is not kept, but what is in it now. */
    void add(SessionIdentity session, long nowNs) {
        if (oldestFirst.size() == MAX_SIZE) {
            expireOldest();
        }
        SessionIdentity left = new SessionIdentity(dnat);
        left.copyFrom(session);
        LeftPair pair = new LeftPair(left, nowNs + LIFE_NS);
        byResponse.put(left.responseFlow(), pair);
        oldestFirst.add(pair);
    }

    /** By what the session was known that has left a pair of late, by a flow of responses or towards the target; or null. */
    SessionIdentity get(Flow flow) {
        if (oldestFirst.isEmpty()) {
            return null;
        }
        LeftPair pair = byResponse.get(dnat ? responseFlow(flow) : flow);
        return pair == null ? null : pair.identity();
    }

    private Flow responseFlow(Flow flow) {
        SessionIdentity.writeResponseFlow(flow, responseFlow);
        return responseFlow;
    }

    /** Removes the pairs whose time has come, and their routes. */
    void expireDue(long nowNs) {
        while (nextDeadlineNs() <= nowNs) {
            expireOldest();
        }
    }

    /** Removes all pairs and their routes. */
    void expireAll() {
        while (!oldestFirst.isEmpty()) {
            expireOldest();
        }
    }

    private void expireOldest() {
        SessionIdentity oldest = oldestFirst.remove().identity();
        byResponse.remove(oldest.responseFlow());
        routes.remove(oldest.number(), oldest.flow());
    }

    /** When the next pair goes. */
    long nextDeadlineNs() {
        return oldestFirst.isEmpty() ? NEVER : oldestFirst.element().expiryNs();
    }
}
