package io.tcpcopy.session.emit;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;

/** Writes the headers of packets for the targets: an IPv4 header without options, and a TCP header. */
public final class HeaderWriter {
    /** Announced in every packet: the client's own window would stall the target. */
    private static final int WINDOW = 65535;

    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();

    /** A writer of headers. */
    public HeaderWriter() {}

    /**
     * Writes an IPv4 header, whose identification is left open. What the client had left of its time to live, or that its packet
     * may not be fragmented, would have a router tell the client that the copy did not pass.
     *
     * @param offset where it begins
     * @param flow from its client to its server
     * @param length of the whole packet in bytes
     */
    Ipv4Header ip(ByteBuffer buffer, int offset, Flow flow, int length) {
        return ip.wrap(buffer, offset)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .typeOfService(0)
                .totalLength(length)
                .fragment(0, false)
                .ttl(Ipv4Header.DEFAULT_TTL)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .checksum(0)
                .source(flow.clientAddress())
                .destination(flow.serverAddress());
    }

    /**
     * Writes a TCP header that acknowledges nothing, up to its options.
     *
     * @param offset where it begins
     * @param flow from its client to its server
     * @param length of the TCP header in bytes
     */
    TcpHeader tcp(ByteBuffer buffer, int offset, Flow flow, int length) {
        return tcp.wrap(buffer, offset)
                .sourcePort(flow.clientPort())
                .destinationPort(flow.serverPort())
                .ack(0)
                .headerLength(length)
                .window(WINDOW)
                .urgentPointer(0);
    }

    /**
     * Writes the TCP checksum of a packet whose payload was summed before.
     *
     * @param offset of its IPv4 header of 20 bytes
     * @param tcpLength of the TCP header in bytes
     * @param payloadLength in bytes
     * @param payloadSum the {@link Checksum#add sum} of the payload
     */
    void checksum(ByteBuffer buffer, int offset, int tcpLength, int payloadLength, long payloadSum) {
        ip.wrap(buffer, offset);
        int tcpOffset = offset + Ipv4Header.MIN_LENGTH;
        int checksum =
                Checksum.tcp(buffer, ip.source(), ip.destination(), tcpOffset, tcpLength, payloadLength, payloadSum);
        tcp.wrap(buffer, tcpOffset).checksum(checksum);
    }

    /**
     * Sums a packet up, and writes its TCP checksum.
     *
     * @param offset of its IPv4 header of 20 bytes
     * @param length of the whole packet in bytes
     */
    void checksum(ByteBuffer buffer, int offset, int length) {
        ip.wrap(buffer, offset);
        int tcpOffset = offset + Ipv4Header.MIN_LENGTH;
        tcp.wrap(buffer, tcpOffset)
                .checksum(
                        Checksum.tcp(buffer, ip.source(), ip.destination(), tcpOffset, length - Ipv4Header.MIN_LENGTH));
    }
}
