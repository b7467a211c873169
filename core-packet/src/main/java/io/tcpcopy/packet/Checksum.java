package io.tcpcopy.packet;

import java.nio.ByteBuffer;

/**
 * The Internet checksum (RFC 1071) over IPv4 headers, TCP segments and UDP datagrams. Buffers are in network byte order. Sums are
 * kept as unfolded {@code long}s until {@link #finish}.
 */
public final class Checksum {
    private static final int WORD = 0xFFFF;

    private Checksum() {}

    /**
     * Adds the 16-bit words of a range; an odd last byte is padded with a zero byte behind it.
     *
     * @param sum what was summed before, 0 to begin with
     * @param offset absolute index of the first byte
     * @param length in bytes, at most 2^31 - 1
     * @return the sum, not yet folded
     */
    public static long add(long sum, ByteBuffer buffer, int offset, int length) {
        long total = sum;
        int index = offset;
        int end = offset + length;
        // 64 bits at a time: the parts are folded together at the end.
        for (; index + Long.BYTES <= end; index += Long.BYTES) {
            long words = buffer.getLong(index);
            total += (words >>> Integer.SIZE) + (words & 0xFFFFFFFFL);
        }
        if (index + Integer.BYTES <= end) {
            total += buffer.getInt(index) & 0xFFFFFFFFL;
            index += Integer.BYTES;
        }
        if (index + Short.BYTES <= end) {
            total += buffer.getShort(index) & WORD;
            index += Short.BYTES;
        }
        if (index < end) {
            total += (buffer.get(index) & 0xFF) << Byte.SIZE;
        }
        return total;
    }

    /** Folds a sum to 16 bits and complements it: the value that stands in the header. */
    public static int finish(long sum) {
        long folded = (sum >>> Integer.SIZE) + (sum & 0xFFFFFFFFL);
        folded = (folded >>> Integer.SIZE) + (folded & 0xFFFFFFFFL);
        int words = (int) ((folded >>> Short.SIZE) + (folded & WORD));
        words = (words >>> Short.SIZE) + (words & WORD);
        words = (words >>> Short.SIZE) + (words & WORD);
        return ~words & WORD;
    }

    /**
     * The checksum of an IPv4 header, its own checksum field taken as zero.
     *
     * @param offset of the header
     * @param headerLength in bytes, options included
     */
    public static int ipv4(ByteBuffer buffer, int offset, int headerLength) {
        long sum = add(0, buffer, offset, Ipv4Header.CHECKSUM_OFFSET);
        int behind = Ipv4Header.CHECKSUM_OFFSET + Short.BYTES;
        return finish(add(sum, buffer, offset + behind, headerLength - behind));
    }

    /**
     * The sum of the pseudo header of a TCP segment or UDP datagram (RFC 9293, section 3.1; RFC 768).
     *
     * @param source IPv4 address
     * @param destination IPv4 address
     * @param protocol by IANA's number
     * @param length of the segment or datagram in bytes
     * @return the sum, not yet folded
     */
    public static long pseudoHeader(int source, int destination, int protocol, int length) {
        return (source & 0xFFFFFFFFL) + (destination & 0xFFFFFFFFL) + protocol + length;
    }

    /**
     * What a captured checksum is, as far as it can be told from the packet.
     *
     * @param field what stands in its place
     * @param pseudoHeader as {@link #pseudoHeader} gives it
     * @param segment the sum of the whole segment or datagram, its checksum included
     */
    public static ChecksumState stateOf(int field, long pseudoHeader, long segment) {
        if (finish(pseudoHeader + segment) == 0) {
            return ChecksumState.RIGHT;
        }
        boolean onlyPseudoHeader = field == (~finish(pseudoHeader) & WORD);
        return onlyPseudoHeader ? ChecksumState.NOT_FILLED_IN : ChecksumState.WRONG;
    }

    /**
     * The checksum of a TCP segment with its pseudo header (RFC 9293, section 3.1), its own checksum field taken as
     * zero.
     *
     * @param source IPv4 address
     * @param destination IPv4 address
     * @param offset of the TCP header
     * @param length of TCP header and payload in bytes
     */
    public static int tcp(ByteBuffer buffer, int source, int destination, int offset, int length) {
        return transport(
                buffer, source, destination, Ipv4Header.PROTOCOL_TCP, offset, TcpHeader.CHECKSUM_OFFSET, length);
    }

    /**
     * The checksum of a UDP datagram with its pseudo header (RFC 768), its own checksum field taken as zero. It is never
     * 0, which would mean that there is none.
     *
     * @param source IPv4 address
     * @param destination IPv4 address
     * @param offset of the UDP header
     * @param length of UDP header and payload in bytes
     */
    public static int udp(ByteBuffer buffer, int source, int destination, int offset, int length) {
        int checksum = transport(
                buffer, source, destination, Ipv4Header.PROTOCOL_UDP, offset, UdpHeader.CHECKSUM_OFFSET, length);
        return checksum == 0 ? WORD : checksum;
    }

    private static int transport(
            ByteBuffer buffer, int source, int destination, int protocol, int offset, int checksumOffset, int length) {
        long sum = add(pseudoHeader(source, destination, protocol, length), buffer, offset, checksumOffset);
        int behind = checksumOffset + Short.BYTES;
        return finish(add(sum, buffer, offset + behind, length - behind));
    }
}
