package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.flow.Address;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.netlink.Link;
import io.tcpcopy.net.netlink.Route;
import io.tcpcopy.net.netlink.RoutingListener;
import io.tcpcopy.net.netlink.RoutingSocket;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalLong;

/** The next hops that the kernel's routes and neighbours name. */
final class KernelRoutes implements AutoCloseable {
    private static final int UNANSWERED = RoutingSocket.NUD_INCOMPLETE | RoutingSocket.NUD_FAILED;

    private final RoutingSocket requests;

    /**
     * Asks nothing yet.
     *
     * @throws StartException when the kernel cannot be asked
     */
    KernelRoutes() throws StartException {
        requests = RoutingSocket.forRequests();
    }

    /** The next hop on the way to an address; empty where there is no route. */
    Optional<NextHop> nextHop(Address address) {
        return requests.route(address)
                .filter(route -> !route.equals(Route.NONE))
                .map(route -> nextHop(address, route));
    }

    private NextHop nextHop(Address address, Route route) {
        InetAddress hop = route.gateway().orElse(SocketAddress.inet(address));
        String device =
                requests.link(route.interfaceIndex()).map(Link::name).orElse("device " + route.interfaceIndex());
        State state = new State(route.interfaceIndex(), hop);
        requests.neighbours(state);
        return new NextHop(hop.getHostAddress() + " on " + device, !state.isUnanswered);
    }

    @Override
    public void close() {
        requests.close();
    }

    /** Reads whether one neighbour has been asked for in vain. */
    private static final class State implements RoutingListener {
        private final int interfaceIndex;
        private final InetAddress hop;
        private boolean isUnanswered;

        State(int interfaceIndex, InetAddress hop) {
            this.interfaceIndex = interfaceIndex;
            this.hop = hop;
        }

        @Override
        public void neighbour(int index, InetAddress address, int state, OptionalLong linkAddress) {
            if (index == interfaceIndex && address.equals(hop)) {
                isUnanswered = (state & UNANSWERED) != 0;
            }
        }

        @Override
        public void routesChanged() {
            // A list of neighbours tells of none.
        }

        @Override
        public void messagesLost() {
            // Only events are.
        }
    }
}
