package io.tcpcopy.net.netlink;

import java.net.InetAddress;
import java.util.Optional;

/**
 * The route to a destination.
 *
 * @param type what becomes of packets: one of the {@code RTN_} numbers of {@code linux/rtnetlink.h}
 * @param interfaceIndex the device
 * @param gateway IPv4 or IPv6 address (RFC 5549) of the next hop; empty when the destination is on the link itself
 * @param mtu the longest packet in bytes that it takes, or that the kernel has learned of; 0 where it says nothing
 * @param hasSeveralNextHops whether the kernel chooses among several next hops, for each flow
 * @param isEncapsulating whether packets are put into others on their way
 */
public record Route(
        int type,
        int interfaceIndex,
        Optional<InetAddress> gateway,
        int mtu,
        boolean hasSeveralNextHops,
        boolean isEncapsulating) {
    /** There is no route: the kernel refuses packets to that destination. */
    public static final Route NONE = new Route(0, 0, Optional.empty(), 0, false, false);

    private static final int RTN_UNICAST = 1;
    private static final int RTN_LOCAL = 2;

    /** Whether the destination is this host. */
    public boolean isLocal() {
        return type == RTN_LOCAL;
    }

    /** Whether packets leave for other hosts. */
    public boolean isForNeighbours() {
        return type != NONE.type && type != RTN_LOCAL;
    }

    /** Whether they leave for one other host. */
    public boolean isUnicast() {
        return type == RTN_UNICAST;
    }
}
