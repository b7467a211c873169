package io.tcpcopy.inject.raw;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.MessageBatch;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.UdpHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Packets that show what becomes of copies when they leave this host: a SYN, an acknowledgement and an RST, or an empty
 * datagram. They come from an address that no client has, and their checksum is wrong, so that the target does not take them
 * for a connection. A firewall that follows connections finds the acknowledgement as odd as those of copies.
 */
final class Probe {
    /** 192.0.2.1, of a net that is for documentation alone (RFC 5737). */
    static final int SOURCE = 0xC0000201;

    private static final int MIN_PORT = 1024;
    private static final int PORTS = 65536 - MIN_PORT;
    private static final int[] TCP_STEPS = {TcpHeader.SYN, TcpHeader.ACK, TcpHeader.RST};

    private final int protocol;
    private final int steps;
    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();
    private final UdpHeader udp = new UdpHeader();
    private final int length;
    private final ByteBuffer packet;

    /**
     * Probes of one protocol.
     *
     * @param protocol TCP or UDP, by IANA's numbers
     */
    Probe(int protocol) {
        boolean isTcp = protocol == Ipv4Header.PROTOCOL_TCP;
        this.protocol = protocol;
        steps = isTcp ? TCP_STEPS.length : 1;
        length = Ipv4Header.MIN_LENGTH + (isTcp ? TcpHeader.MIN_LENGTH : UdpHeader.LENGTH);
        packet = ByteBuffer.allocate(length);
    }

    /** A number with a bit for each packet of a probe. */
    int allSteps() {
        return (1 << steps) - 1;
    }

    /** Which packet of a probe it is: one bit. */
    int step(LeavingPacket sent) {
        for (int step = 0; step < TCP_STEPS.length; step++) {
            if ((sent.flags() & TCP_STEPS[step]) != 0) {
                return 1 << step;
            }
        }
        return 1;
    }

    /**
     * Fills a batch with the packets for a target.
     *
     * @param number of the target
     * @param id their identification
     */
    void write(MessageBatch batch, Endpoint target, int number, int id) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int port = MIN_PORT + random.nextInt(PORTS);
        int seq = random.nextInt();
        batch.clear();
        for (int step = 0; step < steps; step++) {
            ip.wrap(packet, 0)
                    .headerLength(Ipv4Header.MIN_LENGTH)
                    .totalLength(length)
                    .id(id)
                    .ttl(Ipv4Header.DEFAULT_TTL)
                    .protocol(protocol)
                    .source(SOURCE)
                    .destination(target.address().bits());
            if (protocol == Ipv4Header.PROTOCOL_TCP) {
                // Numbers that differ tell the packets apart.
                writeTcp(port, target, seq + step, TCP_STEPS[step]);
            } else {
                writeUdp(port, target);
            }
            batch.bytes().put(batch.add(length, number), packet, 0, length);
            SocketAddress.putIpv4(batch.addresses(), batch.addressOffset(), ip.destination(), 0);
            batch.endPacket();
        }
    }

    private void writeTcp(int port, Endpoint target, int seq, int flags) {
        tcp.wrap(packet, Ipv4Header.MIN_LENGTH)
                .sourcePort(port)
                .destinationPort(target.port())
                .seq(seq)
                .ack(flags == TcpHeader.ACK ? seq : 0)
                .headerLength(TcpHeader.MIN_LENGTH)
                .flags(flags);
        tcp.checksum(wrong(Checksum.tcp(
                packet, SOURCE, target.address().bits(), Ipv4Header.MIN_LENGTH, length - Ipv4Header.MIN_LENGTH)));
    }

    private void writeUdp(int port, Endpoint target) {
        udp.wrap(packet, Ipv4Header.MIN_LENGTH)
                .sourcePort(port)
                .destinationPort(target.port())
                .length(UdpHeader.LENGTH);
        udp.checksum(
                wrong(Checksum.udp(packet, SOURCE, target.address().bits(), Ipv4Header.MIN_LENGTH, UdpHeader.LENGTH)));
    }

    /** Not 0 either, by which a datagram has no checksum. */
    private static int wrong(int checksum) {
        return checksum == 1 ? 2 : 1;
    }
}
