package io.tcpcopy.intercept;

import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;

/** A response packet of 10.0.0.2:80 to 10.0.0.1, its headers 20 bytes each and open to change. */
final class TestPacket {
    static final int CLIENT = 0x0A000001;
    static final int TARGET = 0x0A000002;
    static final int TARGET_PORT = 80;

    final ByteBuffer buffer;
    final Ipv4Header ip = new Ipv4Header();
    final TcpHeader tcp = new TcpHeader();

    TestPacket(int clientPort, int id, int flags, int payloadLength) {
        int headers = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;
        buffer = ByteBuffer.allocateDirect(headers + payloadLength);
        ip.wrap(buffer, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(headers + payloadLength)
                .id(id)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(TARGET)
                .destination(CLIENT);
        tcp.wrap(buffer, Ipv4Header.MIN_LENGTH)
                .sourcePort(TARGET_PORT)
                .destinationPort(clientPort)
                .headerLength(TcpHeader.MIN_LENGTH)
                .flags(flags);
    }
}
