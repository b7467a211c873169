package io.tcpcopy.session.emit;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.PacketPool;
import java.nio.ByteBuffer;

/**
 * Writes the packets that windows hold: what clients sent, with other addresses and without what speaks of the online
 * server's numbers; and SYNs of our own. A packet's checksum is made new here; what changes when it leaves
 * (acknowledgement, timestamps) changes the checksum incrementally ({@link Transmitter}).
 */
public final class PacketWriter {
    /** Congestion is signalled to the real client by the online server alone. */
    private static final int KEPT_FLAGS = ~(TcpHeader.ECE | TcpHeader.CWR);

    private final PacketPool pool;
    private final HeaderWriter headers;
    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();

    /** Takes memory from this pool. */
    public PacketWriter(PacketPool pool, HeaderWriter headers) {
        this.pool = pool;
        this.headers = headers;
    }

    /**
     * Copies the current part of a client packet.
     *
     * @param flow between whom the copy goes
     * @param clientNs the time of the clients
     */
    public Packet copy(ClientPacket client, Flow flow, long clientNs) {
        int tcpLength = client.tcpHeaderLength();
        int length = Ipv4Header.MIN_LENGTH + tcpLength + client.payloadLength();
        Packet packet = pool.take(length);
        ByteBuffer buffer = packet.buffer();
        int tcpOffset = packet.tcpOffset();
        int optionsStart = tcpOffset + TcpHeader.MIN_LENGTH;
        int optionsEnd = tcpOffset + tcpLength;

        headers.ip(buffer, packet.offset(), flow, length)
                .typeOfService(client.ip().typeOfServiceWithoutEcn());
        buffer.put(tcpOffset, client.buffer(), client.tcpOffset(), tcpLength);
        buffer.put(optionsEnd, client.buffer(), client.payloadOffset(), client.payloadLength());
        TcpOptions.keepBasic(buffer, optionsStart, optionsEnd);

        int urgentPointer = Math.max(client.urgentPointer(), 0);
        int flags = client.flags() & KEPT_FLAGS | (client.isSyn() ? 0 : TcpHeader.ACK);
        packet.length(length)
                .id(client.id())
                .seq(client.seq())
                .payloadLength(client.payloadLength())
                .flags(urgentPointer > 0 ? flags : flags & ~TcpHeader.URG)
                .clientAck(client.ack(), client.acknowledges())
                .enteredNs(clientNs)
                .timestampsIndex(TcpOptions.find(
                        buffer, optionsStart, optionsEnd, TcpOptions.TIMESTAMPS, TcpOptions.TIMESTAMPS_LENGTH));
        headers.tcp(buffer, tcpOffset, flow, tcpLength)
                .seq(packet.seq())
                .flags(packet.flags())
                .urgentPointer(urgentPointer);
        if (client.hasWholePayload()) {
            headers.checksum(buffer, packet.offset(), tcpLength, client.payloadLength(), client.payloadSum());
        } else {
            sum(packet);
        }
        return packet;
    }

    /**
     * A SYN of our own, with the MSS option alone.
     *
     * @param mss to announce, in bytes
     * @param clientNs the time of the clients
     */
    public Packet syn(Flow flow, int seq, int mss, long clientNs) {
        int tcpLength = TcpHeader.MIN_LENGTH + TcpOptions.MSS_LENGTH;
        int length = Ipv4Header.MIN_LENGTH + tcpLength;
        Packet packet = pool.take(length);
        ByteBuffer buffer = packet.buffer();
        headers.ip(buffer, packet.offset(), flow, length);
        headers.tcp(buffer, packet.tcpOffset(), flow, tcpLength).seq(seq).flags(TcpHeader.SYN);
        int option = packet.tcpOffset() + TcpHeader.MIN_LENGTH;
        buffer.put(option, (byte) TcpOptions.MSS);
        buffer.put(option + 1, (byte) TcpOptions.MSS_LENGTH);
        buffer.putShort(option + 2, (short) mss);

        packet.length(length)
                .id(0)
                .seq(seq)
                .payloadLength(0)
                .flags(TcpHeader.SYN)
                .clientAck(0, false)
                .enteredNs(clientNs)
                .timestampsIndex(TcpOptions.ABSENT);
        sum(packet);
        return packet;
    }

    /** Has a packet come from another port. */
    public void sourcePort(Packet packet, int port) {
        tcp.wrap(packet.buffer(), packet.tcpOffset());
        tcp.checksum(Checksum.updateWord(tcp.checksum(), tcp.sourcePort(), port))
                .sourcePort(port);
    }

    /**
     * Takes the first payload bytes off a packet.
     *
     * @param bytes 0 to all of the payload
     */
    public void trim(Packet packet, int bytes) {
        int payload = packet.payloadOffset();
        packet.buffer().put(payload, packet.buffer(), payload + bytes, packet.payloadLength() - bytes);
        packet.seq(packet.seq() + bytes);
        tcp.wrap(packet.buffer(), packet.tcpOffset());
        int urgentPointer = Math.max(tcp.urgentPointer() - bytes, 0);
        if (urgentPointer == 0) {
            packet.flags(packet.flags() & ~TcpHeader.URG);
        }
        tcp.urgentPointer(urgentPointer);
        resize(packet, packet.payloadLength() - bytes);
    }

    /**
     * Cuts a packet in two.
     *
     * @param bytes payload of the first one, less than there is
     * @return the first one; the packet itself keeps the rest
     */
    public Packet split(Packet packet, int bytes) {
        int headersLength = packet.length() - packet.payloadLength();
        Packet head = pool.take(headersLength + bytes);
        head.buffer().put(head.offset(), packet.buffer(), packet.offset(), headersLength + bytes);
        head.describeAs(packet);
        head.flags(packet.flags() & ~(TcpHeader.FIN | TcpHeader.PSH));
        resize(head, bytes);
        trim(packet, bytes);
        return head;
    }

    private void resize(Packet packet, int payloadLength) {
        packet.length(packet.length() + payloadLength - packet.payloadLength()).payloadLength(payloadLength);
        ip.wrap(packet.buffer(), packet.offset()).totalLength(packet.length());
        tcp.wrap(packet.buffer(), packet.tcpOffset()).seq(packet.seq()).flags(packet.flags());
        sum(packet);
    }

    private void sum(Packet packet) {
        headers.checksum(packet.buffer(), packet.offset(), packet.length());
    }
}
