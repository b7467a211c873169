package io.tcpcopy.packet;

import java.nio.ByteBuffer;

/**
 * A view of an IPv4 header (RFC 791) at an offset of a buffer in network byte order. Nothing is checked by the getters:
 * {@link #isValid} comes first.
 */
public final class Ipv4Header {
    /** Length of a header without options, in bytes. */
    public static final int MIN_LENGTH = 20;
    /** IANA protocol number. */
    public static final int PROTOCOL_TCP = 6;
    /** IANA protocol number. */
    public static final int PROTOCOL_UDP = 17;
    /** Offsets of fragments are multiples of this, in bytes. */
    public static final int FRAGMENT_UNIT = 8;
    /** The largest total length, in bytes. */
    public static final int MAX_TOTAL_LENGTH = 65535;

    /** Time to live of a packet that is made here, as Linux has it ({@code ip_default_ttl} in ip(7)). */
    public static final int DEFAULT_TTL = 64;

    static final int CHECKSUM_OFFSET = 10;

    private static final int VERSION = 4;
    /** Where the fields stand: RFC 791, section 3.1. */
    private static final int TOTAL_LENGTH_OFFSET = 2;

    private static final int ID_OFFSET = 4;
    private static final int FRAGMENT_OFFSET = 6;
    private static final int TTL_OFFSET = 8;
    private static final int PROTOCOL_OFFSET = 9;
    private static final int SOURCE_OFFSET = 12;
    private static final int DESTINATION_OFFSET = 16;

    /** Flags in the upper bits of the field that also holds the fragment's offset. */
    private static final int DONT_FRAGMENT = 0x4000;

    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int FRAGMENT_OFFSET_MASK = 0x1FFF;
    /** The lower bits of the type of service: RFC 3168. */
    private static final int ECN_MASK = 0x03;

    private ByteBuffer buffer;
    private int offset;

    /** Puts the view on a header. */
    public Ipv4Header wrap(ByteBuffer newBuffer, int newOffset) {
        buffer = newBuffer;
        offset = newOffset;
        return this;
    }

    /** Where the header begins in its buffer. */
    public int offset() {
        return offset;
    }

    /**
     * Whether {@code available} bytes at the view hold a whole IPv4 header: version 4 and a header length of at least
     * {@link #MIN_LENGTH} that is there.
     */
    public boolean isValid(int available) {
        return available >= MIN_LENGTH
                && version() == VERSION
                && headerLength() >= MIN_LENGTH
                && headerLength() <= available;
    }

    /** 4 for IPv4. */
    public int version() {
        return (buffer.get(offset) & 0xFF) >>> 4;
    }

    /** Length of the header with its options, in bytes: 0 to 60. */
    public int headerLength() {
        return (buffer.get(offset) & 0x0F) * Integer.BYTES;
    }

    /** Writes version 4 and a header length in bytes, a multiple of 4. */
    public Ipv4Header headerLength(int length) {
        buffer.put(offset, (byte) (VERSION << 4 | length / Integer.BYTES));
        return this;
    }

    /** The former type of service: six bits of DSCP and two of ECN. */
    public int typeOfService() {
        return buffer.get(offset + 1) & 0xFF;
    }

    /** Writes the former type of service. */
    public Ipv4Header typeOfService(int value) {
        buffer.put(offset + 1, (byte) value);
        return this;
    }

    /** The type of service without its ECN bits (RFC 3168). */
    public int typeOfServiceWithoutEcn() {
        return typeOfService() & ~ECN_MASK;
    }

    /** Length of header and payload in bytes; 0 in big segments that the kernel has not cut yet. */
    public int totalLength() {
        return buffer.getShort(offset + TOTAL_LENGTH_OFFSET) & 0xFFFF;
    }

    /** Writes the total length in bytes. */
    public Ipv4Header totalLength(int length) {
        buffer.putShort(offset + TOTAL_LENGTH_OFFSET, (short) length);
        return this;
    }

    /** Identification. */
    public int id() {
        return buffer.getShort(offset + ID_OFFSET) & 0xFFFF;
    }

    /** Writes the identification. */
    public Ipv4Header id(int id) {
        buffer.putShort(offset + ID_OFFSET, (short) id);
        return this;
    }

    /** Whether the packet is a fragment: more follow, or it has an offset. */
    public boolean isFragment() {
        return (flagsAndOffset() & (MORE_FRAGMENTS | FRAGMENT_OFFSET_MASK)) != 0;
    }

    /** Whether routers may not cut the packet. */
    public boolean dontFragment() {
        return (flagsAndOffset() & DONT_FRAGMENT) != 0;
    }

    /** Writes the don't-fragment bit; the packet is no fragment. */
    public Ipv4Header dontFragment(boolean set) {
        buffer.putShort(offset + FRAGMENT_OFFSET, (short) (set ? DONT_FRAGMENT : 0));
        return this;
    }

    /** Where the payload of a fragment belongs in that of the whole packet, in bytes. */
    public int fragmentOffset() {
        return (flagsAndOffset() & FRAGMENT_OFFSET_MASK) * FRAGMENT_UNIT;
    }

    /** Whether more fragments follow this one. */
    public boolean moreFragments() {
        return (flagsAndOffset() & MORE_FRAGMENTS) != 0;
    }

    /**
     * Makes the packet a fragment, which routers may cut further.
     *
     * @param payloadOffset where its payload belongs in that of the whole packet, a multiple of {@link #FRAGMENT_UNIT}
     * @param more whether more fragments follow
     */
    public Ipv4Header fragment(int payloadOffset, boolean more) {
        int flags = more ? MORE_FRAGMENTS : 0;
        buffer.putShort(offset + FRAGMENT_OFFSET, (short) (flags | payloadOffset / FRAGMENT_UNIT));
        return this;
    }

    private int flagsAndOffset() {
        return buffer.getShort(offset + FRAGMENT_OFFSET) & 0xFFFF;
    }

    /** Time to live, 0 to 255. */
    public int ttl() {
        return buffer.get(offset + TTL_OFFSET) & 0xFF;
    }

    /** Writes the time to live. */
    public Ipv4Header ttl(int ttl) {
        buffer.put(offset + TTL_OFFSET, (byte) ttl);
        return this;
    }

    /** Protocol of the payload, by IANA's numbers. */
    public int protocol() {
        return buffer.get(offset + PROTOCOL_OFFSET) & 0xFF;
    }

    /** Writes the protocol of the payload. */
    public Ipv4Header protocol(int protocol) {
        buffer.put(offset + PROTOCOL_OFFSET, (byte) protocol);
        return this;
    }

    /** Header checksum. */
    public int checksum() {
        return buffer.getShort(offset + CHECKSUM_OFFSET) & 0xFFFF;
    }

    /** Writes the header checksum. */
    public Ipv4Header checksum(int checksum) {
        buffer.putShort(offset + CHECKSUM_OFFSET, (short) checksum);
        return this;
    }

    /** Source address. */
    public int source() {
        return buffer.getInt(offset + SOURCE_OFFSET);
    }

    /** Writes the source address. */
    public Ipv4Header source(int address) {
        buffer.putInt(offset + SOURCE_OFFSET, address);
        return this;
    }

    /** Destination address. */
    public int destination() {
        return buffer.getInt(offset + DESTINATION_OFFSET);
    }

    /** Writes the destination address. */
    public Ipv4Header destination(int address) {
        buffer.putInt(offset + DESTINATION_OFFSET, address);
        return this;
    }
}
