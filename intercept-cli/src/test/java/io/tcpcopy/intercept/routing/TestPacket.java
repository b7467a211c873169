package io.tcpcopy.intercept.routing;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;

/** A response packet of 10.0.0.2:80 to 10.0.0.1, its headers 20 bytes each and open to change. */
public final class TestPacket {
    public static final int CLIENT = 0x0A000001;
    public static final int TARGET = 0x0A000002;
    public static final int TARGET_PORT = 80;

    public final ByteBuffer buffer;
    final Ipv4Header ip = new Ipv4Header();
    public final TcpHeader tcp = new TcpHeader();

    public TestPacket(int clientPort, int id, int flags, int payloadLength) {
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

    /** The flow of the packets that go to a port of the client. */
    public static Flow flow(int clientPort) {
        return new Flow().client(CLIENT, clientPort).server(TARGET, TARGET_PORT);
    }
}
