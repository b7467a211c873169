package io.tcpcopy.intercept.routing;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.flow.FlowMap;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.TcpHeader;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * The routes. Each is in one of three lists by age: in use, closing (the target's FIN or RST was forwarded) or deleted
 * (its tcpcopy has removed the session). A list's routes live equally long, so each list is in the order of expiry; and
 * as use moves a route to the end of its list, the least recently used one is at the beginning of one of them.
 */
final class RouteTable {
    /** What follows a FIN, late retransmissions for instance, comes within this time. */
    private static final long CLOSING_NS = TimeUnit.SECONDS.toNanos(30);
    /** tcpcopy answers what still comes for a removed session; that is over soon. */
    private static final long DELETED_NS = TimeUnit.SECONDS.toNanos(10);
    /** A million routes can expire at once, or have one owner that leaves: taking them all out would stop the loop. */
    private static final int MAX_EXPIRED_AT_ONCE = 4096;

    private final int maxRoutes;
    private final Counters<InterceptCounter> counters;
    private final FlowMap<Route> byFlow;
    private final AgeList<Route> inUse;
    private final AgeList<Route> closing = new AgeList<>(CLOSING_NS);
    private final AgeList<Route> deleted = new AgeList<>(DELETED_NS);
    /** Owners that have left, of which routes are still to be taken out. */
    private final Queue<RouteOwner> leaving = new ArrayDeque<>();
    /** Chain of routes to use again. */
    private Route free;

    /**
     * An empty table.
     *
     * @param initialSize routes to make room for at once
     * @param unusedNs how long an unused route is kept
     * @param maxRoutes the most routes to hold
     */
    RouteTable(int initialSize, long unusedNs, int maxRoutes, Counters<InterceptCounter> counters) {
        this.maxRoutes = maxRoutes;
        this.counters = counters;
        byFlow = new FlowMap<>(initialSize);
        inUse = new AgeList<>(unusedNs);
    }

    /** The route of a connection, or null. */
    Route find(Flow flow) {
        Route route = byFlow.get(flow);
        return route == null || route.owner.left ? null : route;
    }

    /** Adds a route, or gives the one that is there to another owner. */
    Route add(Flow flow, RouteOwner owner, long nowNs) {
        counters.increment(InterceptCounter.ROUTES_ADDED);
        Route route = byFlow.get(flow);
        if (route == null) {
            if (size() == maxRoutes) {
                counters.increment(InterceptCounter.ROUTES_EVICTED);
                remove(leastRecentlyUsed());
            }
            route = newRoute();
            route.flow.copyFrom(flow);
            byFlow.put(route.flow, route);
        } else {
            route.ageList.remove(route);
            unlinkFromOwner(route);
        }
        linkToOwner(route, owner);
        enter(route, inUse, nowNs);
        return route;
    }

    /**
     * Notes that a response was forwarded. A SYN begins a connection, whatever there was before: a FIN of the one before, which
     * came late, ends no route.
     *
     * @param tcpFlags of the response
     */
    void used(Route route, int tcpFlags, long nowNs) {
        if (route.ageList == deleted) {
            return;
        }
        if ((tcpFlags & (TcpHeader.FIN | TcpHeader.RST)) != 0) {
            move(route, closing, nowNs);
        } else if ((tcpFlags & TcpHeader.SYN) != 0) {
            move(route, inUse, nowNs);
        } else {
            move(route, route.ageList, nowNs);
        }
    }

    /** Lets a route end soon, if it still belongs to {@code owner}. */
    void delete(Flow flow, RouteOwner owner, long nowNs) {
        Route route = find(flow);
        if (route != null && route.owner == owner && route.ageList != deleted) {
            counters.increment(InterceptCounter.ROUTES_DELETED);
            move(route, deleted, nowNs);
        }
    }

    /** An owner has ended: its routes are none from now on. Of very many {@link #expire} takes the rest out. */
    void left(RouteOwner owner) {
        owner.left = true;
        for (int i = 0; i < MAX_EXPIRED_AT_ONCE && owner.firstRoute != null; i++) {
            remove(owner.firstRoute);
        }
        if (owner.firstRoute != null) {
            leaving.add(owner);
        }
    }

    /** How many routes there are, those included of owners that have just left. */
    int size() {
        return byFlow.size();
    }

    /**
     * Takes out what has expired, and what owners have left, a bounded number of routes at once.
     *
     * @return whether there may be more, so that this is to be called again soon
     */
    boolean expire(long nowNs) {
        for (int i = 0; i < MAX_EXPIRED_AT_ONCE; i++) {
            Route route = firstOfThoseThatLeft();
            if (route == null) {
                route = firstExpired(nowNs);
            }
            if (route == null) {
                return false;
            }
            // One that was given up is counted as such.
            if (route.ageList != deleted && !route.owner.left) {
                counters.increment(InterceptCounter.ROUTES_EXPIRED);
            }
            remove(route);
        }
        return true;
    }

    private Route firstOfThoseThatLeft() {
        while (!leaving.isEmpty()) {
            Route route = leaving.peek().firstRoute;
            if (route != null) {
                return route;
            }
            leaving.remove();
        }
        return null;
    }

    private Route firstExpired(long nowNs) {
        Route route = deleted.expired(nowNs);
        if (route == null) {
            route = closing.expired(nowNs);
        }
        return route == null ? inUse.expired(nowNs) : route;
    }

    private Route leastRecentlyUsed() {
        return longerUnused(inUse.oldest(), longerUnused(closing.oldest(), deleted.oldest()));
    }

    private static Route longerUnused(Route a, Route b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.sinceNs - b.sinceNs <= 0 ? a : b;
    }

    private void remove(Route route) {
        byFlow.remove(route.flow);
        route.ageList.remove(route);
        route.ageList = null;
        unlinkFromOwner(route);
        route.nextFree = free;
        free = route;
    }

    private Route newRoute() {
        if (free == null) {
            return new Route();
        }
        Route route = free;
        free = route.nextFree;
        route.nextFree = null;
        return route;
    }

    private void move(Route route, AgeList<Route> to, long nowNs) {
        route.ageList.remove(route);
        enter(route, to, nowNs);
    }

    private static void enter(Route route, AgeList<Route> list, long nowNs) {
        route.ageList = list;
        list.append(route, nowNs);
    }

    private static void linkToOwner(Route route, RouteOwner owner) {
        route.owner = owner;
        route.nextOfOwner = owner.firstRoute;
        if (owner.firstRoute != null) {
            owner.firstRoute.previousOfOwner = route;
        }
        owner.firstRoute = route;
    }

    private static void unlinkFromOwner(Route route) {
        if (route.previousOfOwner == null) {
            route.owner.firstRoute = route.nextOfOwner;
        } else {
            route.previousOfOwner.nextOfOwner = route.nextOfOwner;
        }
        if (route.nextOfOwner != null) {
            route.nextOfOwner.previousOfOwner = route.previousOfOwner;
        }
        route.previousOfOwner = null;
        route.nextOfOwner = null;
        route.owner = null;
    }
}
