package io.tcpcopy.net.netlink;

import java.net.InetAddress;
import java.util.OptionalLong;

/** Receives what the kernel reports about routes and neighbours. */
public interface RoutingListener {
    /**
     * The state of a neighbour.
     *
     * @param interfaceIndex the device it is on
     * @param address IPv4 or IPv6 address
     * @param state one of the {@code NUD_} bits of {@link RoutingSocket}; {@link RoutingSocket#NUD_NONE} when the entry has
     *     been removed
     * @param linkAddress its Ethernet address, as a 48-bit value; empty where it is not known, or of another kind
     */
    void neighbour(int interfaceIndex, InetAddress address, int state, OptionalLong linkAddress);

    /** A route or a device has changed. */
    void routesChanged();

    /** The kernel had more events than there was room for: anything may have changed. */
    void messagesLost();
}
