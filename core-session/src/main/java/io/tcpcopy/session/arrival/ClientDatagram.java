package io.tcpcopy.session.arrival;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.ChecksumState;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.UdpHeader;
import java.nio.ByteBuffer;

/** A captured UDP datagram of a client, reused for one after the other. */
public final class ClientDatagram {
    private static final int MAX_LENGTH = Ipv4Header.MAX_TOTAL_LENGTH - Ipv4Header.MIN_LENGTH;

    private final CapturedIpv4 captured = new CapturedIpv4(Ipv4Header.PROTOCOL_UDP);
    private final UdpHeader udp = new UdpHeader();
    private final Flow flow = new Flow();
    private ByteBuffer buffer;
    private ChecksumState checksum;
    private int segmentSize;

    /**
     * Looks at a captured packet.
     *
     * @param packet its bytes stay as they are while this is in use
     * @return {@link Verdict#TAKEN} if it is whole and its lengths agree; otherwise nothing but the {@link #flow} may be
     *     asked for, and only if {@link #isAddressed}
     */
    public Verdict parse(CapturedPacket packet) {
        Verdict verdict = captured.parse(packet);
        udp.wrap(packet.buffer(), captured.payloadOffset());
        if (isAddressed()) {
            flow.client(ip().source(), udp.sourcePort()).server(ip().destination(), udp.destinationPort());
        }
        if (verdict != Verdict.TAKEN) {
            return verdict;
        }
        if (!udp.isValid(captured.payloadLength()) || udp.length() > MAX_LENGTH) {
            return Verdict.MALFORMED;
        }
        buffer = packet.buffer();
        checksum = packet.checksum();
        segmentSize = packet.segmentSize();
        return Verdict.TAKEN;
    }

    /** Whether the packet says who sent it to whom, taken or not. */
    public boolean isAddressed() {
        return captured.payloadCaptured() >= UdpHeader.LENGTH;
    }

    /** Who sent the packet to whom; may be asked for if {@link #isAddressed}. */
    public Flow flow() {
        return flow;
    }

    /**
     * What is known of the checksum; parameters as in {@link ClientPacket#checksum}. A datagram may have none (RFC 768), and what was
     * merged has one for each.
     */
    public ChecksumState checksum(int mtu) {
        boolean summed = udp.checksum() != 0 && Ipv4Header.MIN_LENGTH + udp.length() <= mtu;
        if (checksum != ChecksumState.UNKNOWN || !summed || datagrams() > 1) {
            return checksum;
        }
        long pseudoHeader = Checksum.pseudoHeader(ip().source(), ip().destination(), ip().protocol(), udp.length());
        return Checksum.stateOf(udp.checksum(), pseudoHeader, Checksum.add(0, buffer, udp.offset(), udp.length()));
    }

    /** The view of the IPv4 header. */
    public Ipv4Header ip() {
        return captured.header();
    }

    /** The view of the UDP header, whose length leaves out what is padding. */
    public UdpHeader udp() {
        return udp;
    }

    /** How many datagrams of the client's were merged into this one. */
    public int datagrams() {
        int payload = udp.length() - UdpHeader.LENGTH;
        return segmentSize == CapturedPacket.SEGMENT_SIZE_UNKNOWN || payload == 0
                ? 1
                : (payload + segmentSize - 1) / segmentSize;
    }

    /** Where the payload of one of them begins in {@link #buffer}. */
    public int payloadOffset(int datagram) {
        return udp.offset() + UdpHeader.LENGTH + datagram * segmentSize;
    }

    /** How many bytes it has. */
    public int payloadLength(int datagram) {
        int left = udp.offset() + udp.length() - payloadOffset(datagram);
        return segmentSize == CapturedPacket.SEGMENT_SIZE_UNKNOWN ? left : Math.min(left, segmentSize);
    }

    /** The captured bytes. */
    public ByteBuffer buffer() {
        return buffer;
    }
}
