package io.tcpcopy.net;

/** Hears what the kernel tells about routes and neighbours. */
public interface RoutingListener {
    /**
     * The state of an IPv4 neighbour.
     *
     * @param interfaceIndex the device it is on
     * @param address IPv4 address
     * @param state one of the {@code NUD_} bits of {@link RoutingSocket}; {@link RoutingSocket#NUD_NONE} when the entry has
     *     been removed
     */
    void neighbour(int interfaceIndex, int address, int state);

    /** A route or a device has changed. */
    void routesChanged();

    /** The kernel had more to tell than there was room for: anything may have changed. */
    void messagesLost();
}
