package io.tcpcopy.capture;

import io.tcpcopy.packet.CapturedPacket;

/** Takes captured IPv4 packets. */
@FunctionalInterface
public interface PacketHandler {
    /**
     * Called for each captured packet whose link layer says that it is IPv4.
     *
     * @param packet only there during the call: its source puts the view, and its buffer, to the next packet
     */
    void packet(CapturedPacket packet);
}
