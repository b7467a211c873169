package io.tcpcopy.inject;

import io.tcpcopy.packet.Ipv4Header;
import java.nio.ByteBuffer;

/** UDP packets without checksums: the kernel fills that of IP, and that of UDP may be missing (RFC 768). */
public final class TestPackets {
    /** The source port of all of them. */
    public static final int CLIENT_PORT = 40_000;
    /** Bytes of both headers. */
    public static final int HEADERS_LENGTH = Ipv4Header.MIN_LENGTH + 8;

    private TestPackets() {}

    /**
     * A packet at index 0 of a direct buffer.
     *
     * @param source IPv4 address
     * @param destination IPv4 address
     * @param port to which it goes
     */
    public static ByteBuffer udp(int source, int destination, int port, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocateDirect(HEADERS_LENGTH + payload.length);
        packet.put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) packet.capacity())
                .putInt(0)
                .put((byte) 64)
                .put((byte) Ipv4Header.PROTOCOL_UDP)
                .putShort((short) 0)
                .putInt(source)
                .putInt(destination);
        return packet.putShort((short) CLIENT_PORT)
                .putShort((short) port)
                .putShort((short) (packet.capacity() - Ipv4Header.MIN_LENGTH))
                .putShort((short) 0)
                .put(payload);
    }
}
