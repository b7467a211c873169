package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import java.nio.ByteBuffer;

/** Writes the two segments of a handshake that is not to be completed, as a session writes its own. */
final class ProbeSegments {
    private static final int WINDOW = 65535;
    private static final int SYN_LENGTH = TcpHeader.MIN_LENGTH + TcpOptions.MSS_LENGTH;

    private final PacketSink sink;
    private final int mss;
    private final ByteBuffer bytes = ByteBuffer.allocate(Ipv4Header.MIN_LENGTH + SYN_LENGTH);
    private final OutgoingPacket packet = new OutgoingPacket();

    /**
     * Segments for a sink.
     *
     * @param mss announced in the SYN, in bytes
     */
    ProbeSegments(PacketSink sink, int mss) {
        this.sink = sink;
        this.mss = mss;
    }

    /** Sends the SYN. */
    Departure sendSyn(Handshake handshake) {
        TcpOptions.putMss(bytes, Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH, mss);
        write(handshake, SYN_LENGTH).seq(handshake.iss()).flags(TcpHeader.SYN);
        return Departure.of(sink, () -> sink.send(packet));
    }

    /** Sends the RST that ends the connection, half-open or not: its number is the one that the target expects next. */
    Departure sendReset(Handshake handshake) {
        write(handshake, TcpHeader.MIN_LENGTH).seq(handshake.iss() + 1).flags(TcpHeader.RST);
        return Departure.of(sink, () -> sink.send(packet));
    }

    private TcpHeader write(Handshake handshake, int tcpLength) {
        packet.headers(bytes, 0, Ipv4Header.MIN_LENGTH + tcpLength);
        packet.ip()
                .headerLength(Ipv4Header.MIN_LENGTH)
                .typeOfService(0)
                .fragment(0, false)
                .ttl(Ipv4Header.DEFAULT_TTL)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(handshake.flow().clientAddress())
                .destination(handshake.flow().serverAddress());
        return packet.tcp()
                .sourcePort(handshake.flow().clientPort())
                .destinationPort(handshake.flow().serverPort())
                .ack(0)
                .headerLength(tcpLength)
                .window(WINDOW)
                .urgentPointer(0);
    }
}
