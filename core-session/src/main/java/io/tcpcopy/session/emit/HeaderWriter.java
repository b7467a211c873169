package io.tcpcopy.session.emit;

import io.tcpcopy.flow.Flow;
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
     * Writes an IPv4 header; total length, identification and checksum are left open. What the client had left of its time to live, or that its packet
     * may not be fragmented, would have a router tell the client that the copy did not pass.
     *
     * @param offset where it begins
     * @param flow from its client to its server
     */
    Ipv4Header ip(ByteBuffer buffer, int offset, Flow flow) {
        return ip.wrap(buffer, offset)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .typeOfService(0)
                .fragment(0, false)
                .ttl(Ipv4Header.DEFAULT_TTL)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(flow.clientAddress())
                .destination(flow.serverAddress());
    }

    /**
     * Writes a TCP header that acknowledges nothing, up to its options; the checksum is left open.
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
}
