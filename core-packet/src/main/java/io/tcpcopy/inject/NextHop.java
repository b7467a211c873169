package io.tcpcopy.inject;

import io.tcpcopy.net.RoutingSocket;
import io.tcpcopy.net.RoutingSocket.Route;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.net.UdpSocket;
import io.tcpcopy.packet.Ipv4Header;
import java.net.InetAddress;
import java.util.Optional;

/** Where the packets of one target go next, how long they may be, and whether the kernel can deliver them there. */
final class NextHop {
    /** Packets in these states are sent at once; in all others they queue up, and fail together. */
    private static final int USABLE = RoutingSocket.NUD_REACHABLE
            | RoutingSocket.NUD_STALE
            | RoutingSocket.NUD_DELAY
            | RoutingSocket.NUD_PROBE
            | RoutingSocket.NUD_NOARP
            | RoutingSocket.NUD_PERMANENT;

    /** Devices that need no neighbour's address. */
    private static final int WITHOUT_NEIGHBOURS =
            RoutingSocket.IFF_LOOPBACK | RoutingSocket.IFF_POINTOPOINT | RoutingSocket.IFF_NOARP;

    private final int target;
    private boolean needsNeighbour = true;
    private int interfaceIndex;
    private InetAddress address;
    private int mtu = Ipv4Header.MAX_TOTAL_LENGTH;
    private int state = RoutingSocket.NUD_NONE;
    private long probingSinceNs;
    private boolean listed;

    NextHop(int target) {
        this.target = target;
        this.address = SocketAddress.inet(target);
    }

    int target() {
        return target;
    }

    /** IPv4 or IPv6 address of the next hop: that of the target itself when it is on the link. */
    InetAddress address() {
        return address;
    }

    /** The longest packet that the way takes, in bytes; as long as there is no way, what the last one took. */
    int mtu() {
        return mtu;
    }

    /**
     * Looks the route up again.
     *
     * @return whether it leads elsewhere now, so that the neighbour's state is unknown
     */
    boolean findRoute(RoutingSocket questions) {
        Optional<Route> answer = questions.route(target);
        if (answer.isEmpty()) {
            return false;
        }
        int pathMtu = UdpSocket.pathMtu(target);
        mtu = pathMtu > 0 ? pathMtu : mtu;
        Route route = answer.get();
        // Without a route the kernel refuses the packet, and tells nobody but us.
        needsNeighbour = !route.equals(Route.NONE) && !route.local() && !isWithoutNeighbours(route, questions);
        if (!needsNeighbour) {
            return false;
        }
        int newInterface = route.interfaceIndex();
        InetAddress newAddress = route.gateway().orElse(SocketAddress.inet(target));
        boolean changed = newInterface != interfaceIndex || !newAddress.equals(address);
        interfaceIndex = newInterface;
        address = newAddress;
        if (changed) {
            state = RoutingSocket.NUD_NONE;
        }
        return changed;
    }

    /** A list of all neighbours follows. */
    void beginList() {
        listed = false;
    }

    /** The list has ended: an entry that was not in it is not there. */
    void endList() {
        if (!listed) {
            state = RoutingSocket.NUD_NONE;
        }
    }

    /** A neighbour's state, which may be this one's. */
    void neighbour(int neighbourInterface, InetAddress neighbourAddress, int newState, long nowNs) {
        if (neighbourInterface != interfaceIndex || !neighbourAddress.equals(address)) {
            return;
        }
        listed = true;
        if (newState == RoutingSocket.NUD_PROBE && state != RoutingSocket.NUD_PROBE) {
            probingSinceNs = nowNs;
        }
        state = newState;
    }

    boolean isProbing() {
        return needsNeighbour && state == RoutingSocket.NUD_PROBE;
    }

    /** Whether packets may leave: {@code patienceNs} is how long an unanswered question is no reason to stop them. */
    boolean isUsable(long nowNs, long patienceNs) {
        if (!needsNeighbour) {
            return true;
        }
        if (state == RoutingSocket.NUD_PROBE) {
            return nowNs - probingSinceNs < patienceNs;
        }
        return (state & USABLE) != 0;
    }

    private static boolean isWithoutNeighbours(Route route, RoutingSocket questions) {
        return (questions.linkFlags(route.interfaceIndex()) & WITHOUT_NEIGHBOURS) != 0;
    }
}
