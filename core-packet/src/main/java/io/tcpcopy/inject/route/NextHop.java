package io.tcpcopy.inject.route;

import io.tcpcopy.flow.Address;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.net.UdpSocket;
import io.tcpcopy.net.netlink.Link;
import io.tcpcopy.net.netlink.Route;
import io.tcpcopy.net.netlink.RoutingSocket;
import io.tcpcopy.packet.Ipv4Header;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The next hop of the packets for one target: its address, the device and the MTU of the path, and the state of its neighbour
 * entry.
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

    private final Address target;
    private Route route = Route.NONE;
    /** The device by which packets leave. */
    private Optional<Link> link = Optional.empty();

    private InetAddress address;
    private boolean needsNeighbour = true;
    private int mtu = Ipv4Header.MAX_TOTAL_LENGTH;
    private boolean hasHiddenMtu;
    private int state = RoutingSocket.NUD_NONE;
    private OptionalLong linkAddress = OptionalLong.empty();
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
        return route.interfaceIndex();
    }

    /** The MTU of the path, in bytes; while there is no route, that of the last one. */
    int mtu() {
        return mtu;
    }

    /**
     * Whether an ordinary socket has another MTU than route and device say, or none: something is done to packets on this host. With
     * IPsec it is smaller, and 65,536 or an error while packets wait for a key or may not leave.
     */
    boolean hasHiddenMtu() {
        return hasHiddenMtu;
    }

    /** The device by which packets leave; empty while there is no route. */
    Optional<Link> device() {
        return link;
    }

    /** Whether packets for the target stay on this host. */
    boolean isLocal() {
        return route.isLocal();
    }

    /** Whether the kernel knows a route. */
    boolean hasRoute() {
        return !route.equals(Route.NONE);
    }

    /** Why no frames can be made for the target, for the log; empty where they can, or while there is no route. */
    Optional<String> obstacle() {
        if (!hasRoute()) {
            return Optional.empty();
        }
        if (route.isLocal()) {
            return Optional.of("it is this host itself");
        }
        if (!route.isUnicast()) {
            return Optional.of("its route is not for one host");
        }
        if (route.hasSeveralNextHops()) {
            return Optional.of("its route has several next hops");
        }
        if (route.isEncapsulating()) {
            return Optional.of("its route puts packets into others");
        }
        return link.filter(device -> !hasFrames(device))
                .map(device -> "the device " + device.name() + " is neither one for Ethernet nor of tun or WireGuard");
    }

    private static boolean hasFrames(Link device) {
        return device.isEthernet() && device.resolvesAddresses() || device.takesPlainPackets();
    }

    /** Where frames go; null while that is not known, or where there is an {@link #obstacle}. */
    LinkPath path() {
        if (!hasRoute()
                || obstacle().isPresent()
                || link.isEmpty()
                || !link.get().isUp()) {
            return null;
        }
        Link device = link.get();
        if (device.takesPlainPackets()) {
            return new LinkPath(device.interfaceIndex(), device.name(), false, 0, 0);
        }
        return device.address().isEmpty() || linkAddress.isEmpty()
                ? null
                : new LinkPath(
                        device.interfaceIndex(),
                        device.name(),
                        true,
                        device.address().getAsLong(),
                        linkAddress.getAsLong());
    }

    /**
     * Looks the route up again.
     *
     * @return what is different now
     */
    Change findRoute(RoutingSocket requests) {
        Optional<Route> answer = requests.route(target);
        if (answer.isEmpty()) {
            return Change.NONE;
        }
        Route newRoute = answer.get();
        Optional<Link> newLink = requests.link(newRoute.interfaceIndex());
        // Without a route the kernel refuses the packet, and reports that to the sending socket alone.
        needsNeighbour = newRoute.isForNeighbours()
                && newLink.map(Link::resolvesAddresses).orElse(true);
        InetAddress newAddress = newRoute.gateway().orElse(SocketAddress.inet(target));
        boolean isOtherHop = newRoute.interfaceIndex() != route.interfaceIndex() || !newAddress.equals(address);
        boolean isChanged = isOtherHop || !newRoute.equals(route) || !newLink.equals(link);
        route = newRoute;
        link = newLink;
        address = newAddress;
        isChanged |= findMtu();
        if (isOtherHop) {
            state = RoutingSocket.NUD_NONE;
            linkAddress = OptionalLong.empty();
        }
        return isOtherHop && needsNeighbour ? Change.OTHER_HOP : isChanged ? Change.SAME_HOP : Change.NONE;
    }

    /** What {@link #findRoute} has found. */
    enum Change {
        /** All is as it was. */
        NONE,
        /** Something about the route or the device. */
        SAME_HOP,
        /** The next hop is another one, so that the neighbour's state is unknown. */
        OTHER_HOP
    }

    /** Returns whether something has changed. */
    private boolean findMtu() {
        int pathMtu = UdpSocket.pathMtu(target);
        int deviceMtu = link.map(Link::mtu).orElse(Ipv4Header.MAX_TOTAL_LENGTH);
        int known = route.mtu() > 0 ? route.mtu() : deviceMtu;
        int newMtu = pathMtu > 0 ? Math.min(pathMtu, Math.min(deviceMtu, Ipv4Header.MAX_TOTAL_LENGTH)) : mtu;
        boolean newHidden = hasRoute() && pathMtu != known;
        boolean isChanged = newMtu != mtu || newHidden != hasHiddenMtu;
        mtu = newMtu;
        hasHiddenMtu = newHidden;
        return isChanged;
    }

    /** The neighbours of a list follow, each by {@link #neighbour}. */
    void beginList() {
        listed = false;
    }

    /**
     * The list has ended: an entry that was not in it does not exist.
     *
     * @return whether there was one
     */
    boolean endList() {
        boolean isGone = !listed && state != RoutingSocket.NUD_NONE;
        if (isGone) {
            state = RoutingSocket.NUD_NONE;
        }
        return isGone;
    }

    /**
     * Takes the state of a neighbour, if it is this next hop.
     *
     * @param newLinkAddress empty where the kernel has none: the last one is kept
     * @return whether something is different now
     */
    boolean neighbour(
            int interfaceIndex, InetAddress neighbour, int newState, OptionalLong newLinkAddress, long nowNs) {
        if (interfaceIndex != route.interfaceIndex() || !neighbour.equals(address)) {
            return false;
        }
        listed = true;
        if (newState == RoutingSocket.NUD_PROBE && state != RoutingSocket.NUD_PROBE) {
            probedSinceNs = nowNs;
        }
        OptionalLong kept = newLinkAddress.isPresent() ? newLinkAddress : linkAddress;
        boolean isChanged = newState != state || !Objects.equals(kept, linkAddress);
        state = newState;
        linkAddress = kept;
        return isChanged;
    }

    /** Whether the kernel probes the neighbour, which has not answered yet. */
    boolean isProbed() {
        return needsNeighbour && state == RoutingSocket.NUD_PROBE;
    }

    /** Whether nobody has used or confirmed the neighbour's address lately, so that the kernel would not notice if it is gone. */
    boolean isStale() {
        return needsNeighbour && state == RoutingSocket.NUD_STALE;
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
}
