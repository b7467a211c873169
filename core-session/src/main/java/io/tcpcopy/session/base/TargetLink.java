package io.tcpcopy.session.base;

import io.tcpcopy.packet.OutgoingPacket;

/** Where packets for the targets leave. */
@FunctionalInterface
public interface TargetLink {
    /**
     * Takes a packet, which is only there during the call, and cuts it to what the way takes. What becomes of it is the link's
     * business: a packet that cannot leave is as good as lost on its path, and is repeated like one.
     */
    void send(OutgoingPacket packet);

    /**
     * Whether packets with payload should be sent to a target now; those that wait are sent when there is room again. By default
     * there always is.
     *
     * @param address the target's IPv4 address
     */
    default boolean hasRoom(int address, int port) {
        return true;
    }
}
