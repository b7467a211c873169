package io.tcpcopy.packet;

import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** The views of one captured frame: found, checked, and read as far as a flow and its numbers need it. */
@State(Scope.Thread)
public class CapturedPacketBenchmark {
    private static final int ETHERNET_LENGTH = 14;
    private static final int TYPE_IPV4 = 0x0800;
    /** With time stamps, as Linux has them. */
    private static final int TCP_LENGTH = 32;

    private static final int PAYLOAD = 400;
    private static final int PACKET_LENGTH = Ipv4Header.MIN_LENGTH + TCP_LENGTH + PAYLOAD;

    private final ByteBuffer frame = ByteBuffer.allocateDirect(ETHERNET_LENGTH + PACKET_LENGTH);
    private final CapturedPacket packet = new CapturedPacket();
    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();

    /** A request of 400 bytes in an Ethernet frame. */
    public CapturedPacketBenchmark() {
        frame.putShort(ETHERNET_LENGTH - Short.BYTES, (short) TYPE_IPV4);
        ip.wrap(frame, ETHERNET_LENGTH)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(PACKET_LENGTH)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(0x0A010001)
                .destination(0x0A010064);
        tcp.wrap(frame, ETHERNET_LENGTH + Ipv4Header.MIN_LENGTH)
                .sourcePort(40000)
                .destinationPort(80)
                .seq(1001)
                .ack(9001)
                .headerLength(TCP_LENGTH)
                .flags(TcpHeader.ACK | TcpHeader.PSH)
                .window(0xFFFF);
    }

    @Benchmark
    public boolean parse(Blackhole read) {
        int offset = LinkLayer.ETHERNET.findIpv4(frame, 0, frame.capacity());
        int length = frame.capacity() - offset;
        packet.wrap(frame, offset, length, length, 0);
        if (!ip.wrap(packet.buffer(), packet.offset()).isValid(packet.length())
                || ip.protocol() != Ipv4Header.PROTOCOL_TCP
                || ip.isFragment()) {
            return false;
        }
        int available = Math.min(packet.length(), ip.totalLength()) - ip.headerLength();
        if (!tcp.wrap(packet.buffer(), packet.offset() + ip.headerLength()).isValid(available)) {
            return false;
        }
        read.consume(ip.source());
        read.consume(ip.destination());
        read.consume(tcp.sourcePort());
        read.consume(tcp.destinationPort());
        read.consume(tcp.flags());
        read.consume(tcp.seq());
        read.consume(tcp.ack());
        read.consume(available - tcp.headerLength());
        return true;
    }
}
