package io.tcpcopy.packet;

import java.nio.ByteBuffer;

/**
 * A view of a UDP header (RFC 768) at an offset of a buffer in network byte order. Nothing is checked by the getters:
 * {@link #isValid} comes first.
 */
public final class UdpHeader {
    /** Length of the header, in bytes. */
    public static final int LENGTH = 8;

    static final int CHECKSUM_OFFSET = 6;

    /** Where the fields stand: RFC 768. */
    private static final int DESTINATION_PORT_OFFSET = 2;

    private static final int LENGTH_OFFSET = 4;

    private ByteBuffer buffer;
    private int offset;

    /** Puts the view on a header. */
    public UdpHeader wrap(ByteBuffer newBuffer, int newOffset) {
        buffer = newBuffer;
        offset = newOffset;
        return this;
    }

    /** Where the header begins in its buffer. */
    public int offset() {
        return offset;
    }

    /** Whether {@code available} bytes at the view hold a whole datagram; what is behind it is padding. */
    public boolean isValid(int available) {
        return available >= LENGTH && length() >= LENGTH && length() <= available;
    }

    /** Source port. */
    public int sourcePort() {
        return buffer.getShort(offset) & 0xFFFF;
    }

    /** Writes the source port. */
    public UdpHeader sourcePort(int port) {
        buffer.putShort(offset, (short) port);
        return this;
    }

    /** Destination port. */
    public int destinationPort() {
        return buffer.getShort(offset + DESTINATION_PORT_OFFSET) & 0xFFFF;
    }

    /** Writes the destination port. */
    public UdpHeader destinationPort(int port) {
        buffer.putShort(offset + DESTINATION_PORT_OFFSET, (short) port);
        return this;
    }

    /** Length of header and payload, in bytes. */
    public int length() {
        return buffer.getShort(offset + LENGTH_OFFSET) & 0xFFFF;
    }

    /** Writes the length of header and payload, in bytes. */
    public UdpHeader length(int length) {
        buffer.putShort(offset + LENGTH_OFFSET, (short) length);
        return this;
    }

    /** Checksum; 0 where the sender made none. */
    public int checksum() {
        return buffer.getShort(offset + CHECKSUM_OFFSET) & 0xFFFF;
    }

    /** Writes the checksum. */
    public UdpHeader checksum(int checksum) {
        buffer.putShort(offset + CHECKSUM_OFFSET, (short) checksum);
        return this;
    }
}
