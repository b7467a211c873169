package io.tcpcopy.intercept.routing;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.tunnel.ResponseHandler;
import io.tcpcopy.tunnel.ResponseRecord;
import io.tcpcopy.tunnel.TunnelMode;
import java.util.function.LongSupplier;

/** Decides which connection of a tcpcopy gets a response. */
public interface Routing extends ResponseHandler {
    /** The most routes held at one time. */
    int MAX_ROUTES = 1_000_000;

    /**
     * One tcpcopy alone, which sends no routes.
     *
     * @param keepsFirst whether the tcpcopy that is served stays when another one comes; if not, it is replaced
     * @param clockNs the time of the loop's turn
     */
    static Routing single(boolean keepsFirst, Counters<InterceptCounter> counters, LongSupplier clockNs) {
        return new HashRouting(keepsFirst, counters, clockNs);
    }

    /**
     * Any number of tcpcopys, each of which sends routes for the responses that it wants.
     *
     * @param expectedRoutes how many routes to make room for at once; more than {@link #MAX_ROUTES} count as that
     * @param unusedNs how long a route is kept that no response uses
     * @param mode what routes and records look like
     * @param clockNs the time of the loop's turn
     */
    static Routing byRoutes(
            int expectedRoutes,
            long unusedNs,
            TunnelMode mode,
            Counters<InterceptCounter> counters,
            LongSupplier clockNs) {
        RouteTable routes = new RouteTable(Math.min(expectedRoutes, MAX_ROUTES), unusedNs, MAX_ROUTES, counters);
        DelayTable delays = new DelayTable(DelayTable.CAPACITY, mode.format().recordLength(), counters);
        return new TableRouting(routes, delays, mode.dnat(), counters, clockNs);
    }

    /** A response was captured; its record is only there during the call. */
    @Override
    void response(ResponseRecord record);

    /** Whether a tcpcopy has asked for a response. */
    boolean awaits(ResponseRecord record);

    /** A tcpcopy has connected and announced its version. */
    void joined(RouteOwner owner);

    /** Responses of a flow's server, the target, to its client are to go to an owner; the flow is only there meanwhile. */
    void addRoute(Flow flow, RouteOwner owner);

    /** An owner has removed the session; the flow is only there meanwhile. */
    void deleteRoute(Flow flow, RouteOwner owner);

    /** An owner has ended: nothing goes there any more. */
    void left(RouteOwner owner);

    /**
     * Forgets what is over.
     *
     * @return whether there may be more, so that this is to be called again soon
     */
    boolean expire();

    /** How many routes there are. */
    int routes();

    /** How many records wait for their route. */
    int delayed();
}
