package io.tcpcopy.inject;

import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.UdpHeader;
import java.nio.ByteBuffer;

/**
 * Makes of a packet those that go over the way to its target: TCP is cut into segments, a datagram above the MTU into IPv4
 * fragments. Each gets its total length, an identification of its own (fragments of one datagram share it) and its checksums.
 * FIN and PSH are left to the last segment; the urgent pointer is counted from the segment that it stands in.
 *
 * <p>Used for one packet after the other: {@link #begin}, then {@link #writeNext} as long as there is one.
 */
public final class Segmenter {
    /** Of a payload even this little leaves in one packet, so that a packet is never cut into thousands. */
    private static final int MIN_PAYLOAD = 88;

    private final Identifications identifications = new Identifications();
    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();
    private final UdpHeader udp = new UdpHeader();

    private OutgoingPacket packet;
    private boolean isTcp;
    /** The headers that each part has: those of the packet, or for fragments the IPv4 header alone. */
    private int repeatedLength;
    /** Bytes behind these headers, in all parts together. */
    private int wholeLength;
    /** How many of them a part has at most. */
    private int partLength;
    /** How many of them were written. */
    private int written;
    /** The identification of the next part. */
    private int id;

    private int datagramChecksum;
    private boolean begun;

    /** Begins with any identification. */
    public Segmenter() {}

    /**
     * Begins to cut a packet.
     *
     * @param newPacket whose bytes stay as they are until all is written
     * @param mtu the longest packet that the way takes, in bytes
     */
    public void begin(OutgoingPacket newPacket, int mtu) {
        packet = newPacket;
        isTcp = packet.ip().protocol() == Ipv4Header.PROTOCOL_TCP;
        if (isTcp) {
            repeatedLength = packet.headersLength();
            partLength = segmentSize(packet, mtu);
        } else {
            repeatedLength = Ipv4Header.MIN_LENGTH;
            partLength = fragmentSize(mtu);
            datagramChecksum = datagramChecksum();
        }
        wholeLength = packet.length() - repeatedLength;
        written = 0;
        begun = true;
        id = identifications.next(isTcp ? parts() : 1);
    }

    /**
     * How many bytes of its payload a TCP packet has in each segment.
     *
     * @param mtu the longest packet that the way takes, in bytes
     */
    public static int segmentSize(OutgoingPacket packet, int mtu) {
        return Math.max(MIN_PAYLOAD, Math.min(packet.segmentSize(), mtu - packet.headersLength()));
    }

    private int fragmentSize(int mtu) {
        int whole = packet.length() - Ipv4Header.MIN_LENGTH;
        int most = Math.max(MIN_PAYLOAD, Math.min(packet.segmentSize(), mtu - Ipv4Header.MIN_LENGTH));
        return whole <= most ? whole : most / Ipv4Header.FRAGMENT_UNIT * Ipv4Header.FRAGMENT_UNIT;
    }

    /** How many parts the packet has: at most 745, since those of the longest one have {@link #MIN_PAYLOAD} bytes each. */
    public int parts() {
        return Math.max(1, (wholeLength + partLength - 1) / partLength);
    }

    /** Length in bytes of all parts together. */
    public int partsLength() {
        return parts() * repeatedLength + wholeLength;
    }

    /** Whether there is another part to be written: at first there is. */
    public boolean hasNext() {
        return begun || written < wholeLength;
    }

    /** Length in bytes of the part that is written next. */
    public int nextLength() {
        return repeatedLength + Math.min(partLength, wholeLength - written);
    }

    /**
     * Writes the next part.
     *
     * @param to in network byte order
     * @param offset of its IPv4 header
     */
    public void writeNext(ByteBuffer to, int offset) {
        int length = Math.min(partLength, wholeLength - written);
        if (isTcp) {
            writeSegment(to, offset, length);
            id++;
        } else {
            writeFragment(to, offset, length);
        }
        written += length;
        begun = false;
    }

    private void writeSegment(ByteBuffer to, int offset, int length) {
        boolean isLast = written + length == wholeLength;
        writeHeaders(to, offset, length);
        fillInIpChecksum(to, offset);
        to.put(offset + repeatedLength, packet.payload(), packet.payloadOffset() + written, length);
        tcp.wrap(to, offset + Ipv4Header.MIN_LENGTH);
        boolean isUrgent = written == 0 || tcp.urgentPointer() > written;
        int kept = (isLast ? ~0 : ~(TcpHeader.FIN | TcpHeader.PSH)) & (isUrgent ? ~0 : ~TcpHeader.URG);
        tcp.seq(tcp.seq() + written)
                .flags(tcp.flags() & kept)
                .urgentPointer(isUrgent ? tcp.urgentPointer() - written : 0);
        int tcpLength = repeatedLength - Ipv4Header.MIN_LENGTH + length;
        tcp.checksum(Checksum.tcp(to, ip.source(), ip.destination(), tcp.offset(), tcpLength));
    }

    private void writeFragment(ByteBuffer to, int offset, int length) {
        boolean isLast = written + length == wholeLength;
        writeHeaders(to, offset, length);
        ip.fragment(written, !isLast);
        fillInIpChecksum(to, offset);
        int payload = offset + Ipv4Header.MIN_LENGTH;
        int skipped = written - UdpHeader.LENGTH;
        if (written == 0) {
            to.put(payload, packet.headers(), udpOffset(), UdpHeader.LENGTH);
            udp.wrap(to, payload).length(wholeLength).checksum(datagramChecksum);
            payload += UdpHeader.LENGTH;
            skipped = 0;
        }
        to.put(payload, packet.payload(), packet.payloadOffset() + skipped, offset + repeatedLength + length - payload);
    }

    /** Writes what all parts have, and what is left open in it. */
    private void writeHeaders(ByteBuffer to, int offset, int length) {
        to.put(offset, packet.headers(), packet.headersOffset(), repeatedLength);
        ip.wrap(to, offset).totalLength(repeatedLength + length).id(id);
    }

    private void fillInIpChecksum(ByteBuffer to, int offset) {
        ip.checksum(Checksum.ipv4(to, offset, Ipv4Header.MIN_LENGTH));
    }

    private int udpOffset() {
        return packet.headersOffset() + Ipv4Header.MIN_LENGTH;
    }

    private int datagramChecksum() {
        int length = UdpHeader.LENGTH + packet.payloadLength();
        udp.wrap(packet.headers(), udpOffset());
        long header =
                Checksum.pseudoHeader(packet.ip().source(), packet.ip().destination(), Ipv4Header.PROTOCOL_UDP, length)
                        + udp.sourcePort()
                        + udp.destinationPort()
                        + length;
        int checksum =
                Checksum.finish(Checksum.add(header, packet.payload(), packet.payloadOffset(), packet.payloadLength()));
        // 0 would mean that there is none (RFC 768).
        return checksum == 0 ? 0xFFFF : checksum;
    }

    /**
     * Writes a whole TCP packet for one who cuts it later: with the length of all of it, and with the sum of the pseudo header in
     * place of the TCP checksum. Identifications are taken for all segments that it becomes.
     *
     * @param whole to be written at once
     * @param to in network byte order
     * @param offset of its IPv4 header
     * @param mtu the longest packet that the way takes, in bytes
     */
    public void writeUncut(OutgoingPacket whole, ByteBuffer to, int offset, int mtu) {
        packet = whole;
        repeatedLength = packet.headersLength();
        wholeLength = packet.payloadLength();
        partLength = segmentSize(packet, mtu);
        id = identifications.next(parts());
        writeHeaders(to, offset, wholeLength);
        fillInIpChecksum(to, offset);
        to.put(offset + repeatedLength, packet.payload(), packet.payloadOffset(), wholeLength);
        int tcpLength = packet.length() - Ipv4Header.MIN_LENGTH;
        long pseudoHeader = Checksum.pseudoHeader(ip.source(), ip.destination(), Ipv4Header.PROTOCOL_TCP, tcpLength);
        tcp.wrap(to, offset + Ipv4Header.MIN_LENGTH).checksum(~Checksum.finish(pseudoHeader) & 0xFFFF);
    }
}
