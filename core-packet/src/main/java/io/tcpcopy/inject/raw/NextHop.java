package io.tcpcopy.inject.raw;

import io.tcpcopy.flow.Address;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.net.UdpSocket;
import io.tcpcopy.net.netlink.RoutingSocket;
import io.tcpcopy.net.netlink.RoutingSocket.Route;
import io.tcpcopy.packet.Ipv4Header;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The next hop of the packets for one target: its address, the MTU of the path, and the state of its neighbour entry.
 */
final class NextHop {
    /**
     * The kernel's {@code NUD_VALID} (include/net/neighbour.h): packets are sent at once. In all other states they wait
     * for the address, and fail together.
     */
    private static final int NUD_VALID = RoutingSocket.NUD_REACHABLE
            | RoutingSocket.NUD_STALE
            | RoutingSocket.NUD_DELAY
            | RoutingSocket.NUD_PROBE
            | RoutingSocket.NUD_NOARP
            | RoutingSocket.NUD_PERMANENT;

    /** Devices on which packets need no neighbour's address. */
    private static final int WITHOUT_NEIGHBOURS =
            RoutingSocket.IFF_LOOPBACK | RoutingSocket.IFF_POINTOPOINT | RoutingSocket.IFF_NOARP;

    private final Address target;
    private boolean needsNeighbour = true;
    /** Of the device by which packets leave: 0 while there is no route. */
    private int interfaceIndex;

    private InetAddress address;
    private int mtu = Ipv4Header.MAX_TOTAL_LENGTH;
    private int state = RoutingSocket.NUD_NONE;
    private long probedSinceNs;
    /** Whether the list of neighbours that is being read has this one. */
    private boolean listed;

    NextHop(Address target) {
        this.target = target;
        this.address = SocketAddress.inet(target);
    }

    Address target() {
        return target;
    }

    /** IPv4 or IPv6 address of the next hop: that of the target itself when it is on the link. */
    InetAddress address() {
        return address;
    }

    /** The index of the device by which packets leave; 0 while there is no route. */
    int interfaceIndex() {
        return interfaceIndex;
    }

    /** The MTU of the path, in bytes; while there is no route, that of the last one. */
    int mtu() {
        return mtu;
    }

    /**
     * Looks the route up again.
     *
     * @return whether the next hop is another one now, so that the neighbour's state is unknown
     */
    boolean findRoute(RoutingSocket requests) {
        Optional<Route> answer = requests.route(target);
        if (answer.isEmpty()) {
            return false;
        }
        int pathMtu = UdpSocket.pathMtu(target);
        mtu = pathMtu > 0 ? pathMtu : mtu;
        Route route = answer.get();
        // Without a route the kernel refuses the packet, and reports that to the sending socket alone.
        needsNeighbour = !route.equals(Route.NONE) && !route.local() && !isWithoutNeighbours(route, requests);
        InetAddress newAddress = route.gateway().orElse(SocketAddress.inet(target));
        boolean changed = route.interfaceIndex() != interfaceIndex || !newAddress.equals(address);
        interfaceIndex = route.interfaceIndex();
        address = newAddress;
        if (changed) {
            state = RoutingSocket.NUD_NONE;
        }
        return changed && needsNeighbour;
    }

    /** The neighbours of a list follow, each by {@link #neighbour}. */
    void beginList() {
        listed = false;
    }

    /** The list has ended: an entry that was not in it does not exist. */
    void endList() {
        if (!listed) {
            state = RoutingSocket.NUD_NONE;
        }
    }

    /** Takes the state of a neighbour, if it is this next hop. */
    void neighbour(int neighbourInterface, InetAddress neighbourAddress, int newState, long nowNs) {
        if (neighbourInterface != interfaceIndex || !neighbourAddress.equals(address)) {
            return;
        }
        listed = true;
        if (newState == RoutingSocket.NUD_PROBE && state != RoutingSocket.NUD_PROBE) {
            probedSinceNs = nowNs;
        }
        state = newState;
    }

    /** Whether the kernel probes the neighbour, which has not answered yet. */
    boolean isProbed() {
        return needsNeighbour && state == RoutingSocket.NUD_PROBE;
    }

    /**
     * Whether packets may leave.
     *
     * @param probeTimeoutNs how long they may while the neighbour has not answered a probe
     */
    boolean isUsable(long nowNs, long probeTimeoutNs) {
        if (!needsNeighbour) {
            return true;
        }
        if (state == RoutingSocket.NUD_PROBE) {
            return nowNs - probedSinceNs < probeTimeoutNs;
        }
        return (state & NUD_VALID) != 0;
    }

    private static boolean isWithoutNeighbours(Route route, RoutingSocket requests) {
        return (requests.linkFlags(route.interfaceIndex()) & WITHOUT_NEIGHBOURS) != 0;
    }
}
