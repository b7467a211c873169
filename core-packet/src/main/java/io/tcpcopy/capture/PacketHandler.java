package io.tcpcopy.capture;

import java.nio.ByteBuffer;

/** Takes captured IPv4 packets. */
@FunctionalInterface
public interface PacketHandler {
    /**
     * Called for each captured packet whose link layer says that it is IPv4. The bytes are only there during the call.
     *
     * @param buffer in network byte order
     * @param offset index of the IPv4 header; nothing of it has been checked
     * @param length captured bytes from there on, at least 1
     * @param wireLength bytes from there on that the packet had on the wire, at least {@code length}
     * @param arrivalNs when the kernel saw the packet: nanoseconds of a clock that all packets of a source share
     */
    void packet(ByteBuffer buffer, int offset, int length, int wireLength, long arrivalNs);
}
