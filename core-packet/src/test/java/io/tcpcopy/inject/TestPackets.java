package io.tcpcopy.inject;

import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.UdpHeader;
import java.nio.ByteBuffer;

/** Packets at index 0 of direct buffers, without checksums, and views of them. */
public final class TestPackets {
    /** The source port of all of them. */
    public static final int CLIENT_PORT = 40_000;
    /** Bytes of both headers of a datagram. */
    public static final int HEADERS_LENGTH = Ipv4Header.MIN_LENGTH + UdpHeader.LENGTH;

    private TestPackets() {}

    /**
     * A datagram.
     *
     * @param source IPv4 address
     * @param destination IPv4 address
     * @param port to which it goes
     */
    public static ByteBuffer udp(int source, int destination, int port, byte[] payload) {
        int length = UdpHeader.LENGTH + payload.length;
        return ip(source, destination, Ipv4Header.PROTOCOL_UDP, length)
                .putShort((short) CLIENT_PORT)
                .putShort((short) port)
                .putShort((short) length)
                .putShort((short) 0)
                .put(payload);
    }

    /**
     * A TCP packet, which is not to be fragmented.
     *
     * @param source IPv4 address
     * @param destination IPv4 address
     * @param port to which it goes
     * @param flags of TCP
     * @param seq sequence number
     */
    public static ByteBuffer tcp(int source, int destination, int port, int flags, int seq, byte[] payload) {
        ByteBuffer packet = ip(source, destination, Ipv4Header.PROTOCOL_TCP, TcpHeader.MIN_LENGTH + payload.length);
        new Ipv4Header().wrap(packet, 0).dontFragment(true);
        new TcpHeader()
                .wrap(packet, Ipv4Header.MIN_LENGTH)
                .sourcePort(CLIENT_PORT)
                .destinationPort(port)
                .seq(seq)
                .headerLength(TcpHeader.MIN_LENGTH)
                .flags(flags)
                .window(0xFFFF);
        return packet.put(Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH, payload);
    }

    private static ByteBuffer ip(int source, int destination, int protocol, int length) {
        ByteBuffer packet = ByteBuffer.allocateDirect(Ipv4Header.MIN_LENGTH + length);
        return packet.put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) packet.capacity())
                .putInt(0)
                .put((byte) Ipv4Header.DEFAULT_TTL)
                .put((byte) protocol)
                .putShort((short) 0)
                .putInt(source)
                .putInt(destination);
    }

    /** The view of a packet in which the payload follows the headers; it is cut by the MTU of its path alone. */
    public static OutgoingPacket view(ByteBuffer packet) {
        return view(packet, Ipv4Header.MAX_TOTAL_LENGTH);
    }

    /** The same with a segment size. */
    public static OutgoingPacket view(ByteBuffer packet, int segmentSize) {
        boolean isTcp = new Ipv4Header().wrap(packet, 0).protocol() == Ipv4Header.PROTOCOL_TCP;
        int transport =
                isTcp ? new TcpHeader().wrap(packet, Ipv4Header.MIN_LENGTH).headerLength() : UdpHeader.LENGTH;
        int headers = Ipv4Header.MIN_LENGTH + transport;
        return new OutgoingPacket()
                .headers(packet, 0, headers)
                .payload(packet, headers, packet.capacity() - headers, segmentSize);
    }
}
