package io.tcpcopy.packet;

import java.nio.ByteBuffer;

/** Packets as a capture hands them over, made of a buffer that begins with the IPv4 header. */
public final class Captured {
    private Captured() {}

    /** A packet that ends at the buffer's limit, captured in full; at time 0. */
    public static CapturedPacket whole(ByteBuffer packet) {
        return whole(packet, packet.limit());
    }

    /** A packet of so many bytes, captured in full; at time 0. */
    public static CapturedPacket whole(ByteBuffer packet, int length) {
        return part(packet, length, length);
    }

    /**
     * A packet that was captured in part; at time 0.
     *
     * @param length captured bytes
     * @param wireLength bytes that were on the wire
     */
    public static CapturedPacket part(ByteBuffer packet, int length, int wireLength) {
        return new CapturedPacket().wrap(packet, 0, length, wireLength, 0);
    }
}
