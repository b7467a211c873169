package io.tcpcopy.session.emit;

import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.PacketPool;
import java.nio.ByteBuffer;

/**
 * Makes the packets that windows hold: what clients sent, without what speaks of the online server's numbers; and SYNs of our
 * own. Their headers are written when they leave ({@link Transmitter}).
 */
public final class PacketWriter {
    /** Congestion is signalled to the real client by the online server alone. */
    private static final int KEPT_FLAGS = ~(TcpHeader.ECE | TcpHeader.CWR);

    private final PacketPool pool;

    /** Takes memory from this pool. */
    public PacketWriter(PacketPool pool) {
        this.pool = pool;
    }

    /** Copies the current part of a client packet. */
    public Packet copy(ClientPacket client) {
        int optionsLength = client.tcpHeaderLength() - TcpHeader.MIN_LENGTH;
        Packet packet =
                pool.take(optionsLength + client.payloadLength()).contents(optionsLength, client.payloadLength());
        ByteBuffer buffer = packet.buffer();
        buffer.put(packet.optionsOffset(), client.buffer(), client.tcpOffset() + TcpHeader.MIN_LENGTH, optionsLength);
        buffer.put(packet.payloadOffset(), client.buffer(), client.payloadOffset(), client.payloadLength());
        TcpOptions.keepBasic(buffer, packet.optionsOffset(), packet.optionsOffset() + optionsLength);
        return packet.typeOfService(client.ip().typeOfServiceWithoutEcn())
                .id(client.ip().id())
                .seq(client.seq())
                .flags(client.flags() & KEPT_FLAGS | (client.isSyn() ? 0 : TcpHeader.ACK))
                .urgentPointer(client.urgentPointer())
                .clientAck(client.ack(), client.acknowledges())
                .clientNs(client.clientNs())
                .capturedNs(client.capturedNs());
    }

    /**
     * A SYN of our own, with the MSS option alone.
     *
     * @param mss to announce, in bytes
     * @param clientNs the time of the clients
     */
    public Packet syn(int seq, int mss, long clientNs) {
        Packet packet = pool.take(TcpOptions.MSS_LENGTH).contents(TcpOptions.MSS_LENGTH, 0);
        TcpOptions.putMss(packet.buffer(), packet.optionsOffset(), mss);
        return packet.typeOfService(0)
                .id(0)
                .seq(seq)
                .flags(TcpHeader.SYN)
                .urgentPointer(0)
                .clientAck(0, false)
                .clientNs(clientNs)
                .capturedNs(OutgoingPacket.TIME_UNKNOWN);
    }
}
