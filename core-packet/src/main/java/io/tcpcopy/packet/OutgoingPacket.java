package io.tcpcopy.packet;

import java.nio.ByteBuffer;

/**
 * A view of a packet for a target, before it is cut to what the way takes: its headers and its payload, which stand in different
 * places. Whoever sends has one, which it puts on one packet after the other, so that none costs memory: whoever is handed it
 * takes what it needs during the call.
 *
 * <p>The headers are one of IPv4 without options and one of TCP or UDP. What depends on how the packet is cut is left open in
 * them, and whatever stands there means nothing: total length, identification and checksums; the length of a datagram.
 */
public final class OutgoingPacket {
    /** In place of a time of capture: no client's payload that leaves for the first time, or nobody knows when it was captured. */
    public static final long TIME_UNKNOWN = Long.MIN_VALUE;

    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();

    private ByteBuffer headers;
    private int headersOffset;
    private int headersLength;
    private ByteBuffer payload;
    private int payloadOffset;
    private int payloadLength;
    private int segmentSize;
    private long capturedNs;

    /** A view of nothing yet. */
    public OutgoingPacket() {}

    /**
     * Puts the view on the headers of a packet, which has no payload until {@link #payload} is called.
     *
     * @param buffer in network byte order
     * @param offset index of the IPv4 header
     * @param length of both headers in bytes
     */
    public OutgoingPacket headers(ByteBuffer buffer, int offset, int length) {
        headers = buffer;
        headersOffset = offset;
        headersLength = length;
        payload = buffer;
        payloadOffset = offset + length;
        payloadLength = 0;
        segmentSize = 0;
        capturedNs = TIME_UNKNOWN;
        ip.wrap(buffer, offset);
        tcp.wrap(buffer, offset + Ipv4Header.MIN_LENGTH);
        return this;
    }

    /**
     * Gives the packet a payload.
     *
     * @param buffer that it stands in
     * @param offset of its first byte
     * @param length in bytes; with the headers at most {@link Ipv4Header#MAX_TOTAL_LENGTH}
     * @param newSegmentSize how many bytes of it a TCP segment takes; for UDP, how many bytes behind the IPv4 header a packet takes:
     *     what is longer leaves as fragments. At least 1
     */
    public OutgoingPacket payload(ByteBuffer buffer, int offset, int length, int newSegmentSize) {
        payload = buffer;
        payloadOffset = offset;
        payloadLength = length;
        segmentSize = newSegmentSize;
        return this;
    }

    /** Notes when it was captured what leaves for the first time: in the loop's time, or {@link #TIME_UNKNOWN}. */
    public OutgoingPacket capturedNs(long loopNs) {
        capturedNs = loopNs;
        return this;
    }

    /** When it was captured what leaves for the first time: in the loop's time, or {@link #TIME_UNKNOWN}. */
    public long capturedNs() {
        return capturedNs;
    }

    /** What the headers stand in. */
    public ByteBuffer headers() {
        return headers;
    }

    /** Index of the IPv4 header in {@link #headers}. */
    public int headersOffset() {
        return headersOffset;
    }

    /** Length of both headers in bytes. */
    public int headersLength() {
        return headersLength;
    }

    /** What the payload stands in. */
    public ByteBuffer payload() {
        return payload;
    }

    /** Index of the first byte in {@link #payload}. */
    public int payloadOffset() {
        return payloadOffset;
    }

    /** Bytes of payload. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Length of the whole packet in bytes, if it is not cut. */
    public int length() {
        return headersLength + payloadLength;
    }

    /** How many bytes a TCP segment or a fragment may have behind its headers, whatever the way takes. */
    public int segmentSize() {
        return segmentSize;
    }

    /** The view of the IPv4 header. */
    public Ipv4Header ip() {
        return ip;
    }

    /** The view of the TCP header; of a datagram, its ports may be read by it: they stand in the same place. */
    public TcpHeader tcp() {
        return tcp;
    }
}
