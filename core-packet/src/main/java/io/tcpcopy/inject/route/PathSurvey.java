package io.tcpcopy.inject.route;

import io.tcpcopy.flow.Address;
import io.tcpcopy.net.OpenedTogether;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.netlink.RoutingListener;
import io.tcpcopy.net.netlink.RoutingSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * One look at the ways to some targets, for who does not run an event loop. The kernel is made to find out next hops as
 * {@link NeighbourGuard} has it done, and is given time for that.
 */
public final class PathSurvey {
    private static final long INTERVAL_MS = 50;

    private final List<NextHop> hops;

    private PathSurvey(List<NextHop> hops) {
        this.hops = hops;
    }

    /**
     * Looks at them; waits for next hops that have to be found out.
     *
     * @param patienceMs how long, in all
     * @return a path for each target, in their order
     * @throws StartException when the kernel does not answer requests about routes
     */
    public static List<TargetPath> of(List<Address> targets, long patienceMs) throws StartException {
        PathSurvey survey = new PathSurvey(targets.stream().map(NextHop::new).toList());
        try (OpenedTogether opened = new OpenedTogether()) {
            RoutingSocket requests = opened.add(RoutingSocket.forRequests(), RoutingSocket::close);
            IpsecPolicies policies = opened.add(new IpsecPolicies(), IpsecPolicies::close);
            survey.hops.forEach(hop -> hop.findRoute(requests));
            survey.findNeighbours(requests, patienceMs);
            return survey.hops.stream().map(hop -> survey.path(hop, policies)).toList();
        }
    }

    private void findNeighbours(RoutingSocket requests, long patienceMs) {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
        listNeighbours(requests);
        hops.stream().filter(hop -> !isUsable(hop)).forEach(NeighbourGuard::ask);
        while (!hops.stream().allMatch(PathSurvey::isUsable) && System.nanoTime() - endNs < 0) {
            pause();
            listNeighbours(requests);
        }
    }

    private void listNeighbours(RoutingSocket requests) {
        hops.forEach(NextHop::beginList);
        boolean isWhole = requests.neighbours(new RoutingListener() {
            @Override
            public void neighbour(int interfaceIndex, InetAddress address, int state, OptionalLong linkAddress) {
                hops.forEach(hop -> hop.neighbour(interfaceIndex, address, state, linkAddress, System.nanoTime()));
            }

            @Override
            public void routesChanged() {
                // One look is one look.
            }

            @Override
            public void messagesLost() {
                // Requests lose none.
            }
        });
        if (isWhole) {
            hops.forEach(NextHop::endList);
        }
    }

    private static boolean isUsable(NextHop hop) {
        return !hop.hasRoute() || hop.isUsable(System.nanoTime(), NeighbourGuard.PROBE_TIMEOUT_NS);
    }

    private TargetPath path(NextHop hop, IpsecPolicies policies) {
        return new TargetPath(
                hop.target(),
                hop.hasRoute(),
                hop.isLocal(),
                hop.device(),
                hop.address().getHostAddress(),
                isUsable(hop),
                hop.mtu(),
                hop.obstacle().or(() -> policies.obstacle(hop.target(), hop.hasHiddenMtu())));
    }

    private static void pause() {
        try {
            Thread.sleep(INTERVAL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
