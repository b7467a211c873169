package io.tcpcopy.session.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;

/**
 * A TCP packet. Its payload is not carried along: each byte follows from its number, which is checked where a packet is
 * read.
 *
 * @param port the client's
 * @param id IP identification
 * @param length of the payload in bytes
 */
record TcpPacket(int port, int id, int flags, int seq, int ack, int window, int length) {
    private static final int HEADERS = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    boolean isSyn() {
        return has(TcpHeader.SYN);
    }

    boolean isFin() {
        return has(TcpHeader.FIN);
    }

    /** The number behind payload and FIN. */
    int end() {
        return seq + length + (isFin() ? 1 : 0);
    }

    /** Reads a packet that goes to the target. */
    static TcpPacket read(ByteBuffer buffer, int offset, int length) {
        Ipv4Header ip = new Ipv4Header().wrap(buffer, offset);
        TcpHeader tcp = new TcpHeader().wrap(buffer, offset + ip.headerLength());
        int tcpLength = ip.totalLength() - ip.headerLength();
        assertThat(ip.totalLength()).isEqualTo(length);
        assertThat(tcp.checksum())
                .isEqualTo(Checksum.tcp(buffer, ip.source(), ip.destination(), tcp.offset(), tcpLength));
        int payloadLength = tcpLength - tcp.headerLength();
        for (int i = 0; i < payloadLength; i++) {
            assertThat(buffer.get(tcp.offset() + tcp.headerLength() + i)).isEqualTo(payloadAt(tcp.seq() + i));
        }
        return new TcpPacket(tcp.sourcePort(), ip.id(), tcp.flags(), tcp.seq(), tcp.ack(), tcp.window(), payloadLength);
    }

    /** Writes a client's packet with its payload; returns its length. */
    int writeCaptured(ByteBuffer buffer, int clientAddress, int onlineAddress, int onlinePort) {
        writeHeaders(buffer, clientAddress, port, onlineAddress, onlinePort);
        for (int i = 0; i < length; i++) {
            buffer.put(HEADERS + i, payloadAt(seq + i));
        }
        return HEADERS + length;
    }

    /** Writes the header of a target's packet; returns the length of the record. */
    int writeResponse(ByteBuffer buffer, int clientAddress, int targetAddress, int targetPort) {
        writeHeaders(buffer, targetAddress, targetPort, clientAddress, port);
        return HEADERS;
    }

    private void writeHeaders(ByteBuffer buffer, int source, int sourcePort, int destination, int destinationPort) {
        new Ipv4Header()
                .wrap(buffer, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .typeOfService(0)
                .totalLength(HEADERS + length)
                .id(id)
                .dontFragment(true)
                .ttl(64)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(source)
                .destination(destination);
        new TcpHeader()
                .wrap(buffer, Ipv4Header.MIN_LENGTH)
                .sourcePort(sourcePort)
                .destinationPort(destinationPort)
                .seq(seq)
                .ack(ack)
                .headerLength(TcpHeader.MIN_LENGTH)
                .flags(flags)
                .window(window)
                .urgentPointer(0);
    }

    private static byte payloadAt(int number) {
        return (byte) (number * 31 + (number >>> Byte.SIZE));
    }
}
