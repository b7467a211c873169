package io.tcpcopy.packet;

import java.nio.ByteBuffer;

/**
 * A view of a TCP header (RFC 9293, section 3.1) at an offset of a buffer in network byte order. Nothing is checked by
 * the getters: {@link #isValid} comes first.
 */
public final class TcpHeader {
    /** Length of a header without options, in bytes. */
    public static final int MIN_LENGTH = 20;
    /** Length of a header with all the options it can hold, in bytes. */
    public static final int MAX_LENGTH = 60;

    /** Flag: no more data from the sender. */
    public static final int FIN = 0x01;
    /** Flag: synchronise sequence numbers. */
    public static final int SYN = 0x02;
    /** Flag: reset the connection. */
    public static final int RST = 0x04;
    /** Flag: push. */
    public static final int PSH = 0x08;
    /** Flag: the acknowledgement number counts. */
    public static final int ACK = 0x10;
    /** Flag: the urgent pointer counts. */
    public static final int URG = 0x20;
    /** Flag: congestion experienced, echoed (RFC 3168). */
    public static final int ECE = 0x40;
    /** Flag: congestion window reduced (RFC 3168). */
    public static final int CWR = 0x80;

    /** Where the checksum stands in the header. */
    public static final int CHECKSUM_OFFSET = 16;

    /** Where the fields stand: RFC 9293, section 3.1. */
    private static final int DESTINATION_PORT_OFFSET = 2;

    private static final int SEQ_OFFSET = 4;
    private static final int ACK_OFFSET = 8;
    private static final int DATA_OFFSET_OFFSET = 12;
    private static final int FLAGS_OFFSET = 13;
    private static final int WINDOW_OFFSET = 14;
    private static final int URGENT_OFFSET = 18;

    private ByteBuffer buffer;
    private int offset;

    /** Puts the view on a header. */
    public TcpHeader wrap(ByteBuffer newBuffer, int newOffset) {
        buffer = newBuffer;
        offset = newOffset;
        return this;
    }

    /** Where the header begins in its buffer. */
    public int offset() {
        return offset;
    }

    /**
     * Whether {@code available} bytes at the view hold a whole TCP header: a data offset of at least
     * {@link #MIN_LENGTH} bytes that are there.
     */
    public boolean isValid(int available) {
        return available >= MIN_LENGTH && headerLength() >= MIN_LENGTH && headerLength() <= available;
    }

    /** Source port. */
    public int sourcePort() {
        return buffer.getShort(offset) & 0xFFFF;
    }

    /** Writes the source port. */
    public TcpHeader sourcePort(int port) {
        buffer.putShort(offset, (short) port);
        return this;
    }

    /** Destination port. */
    public int destinationPort() {
        return buffer.getShort(offset + DESTINATION_PORT_OFFSET) & 0xFFFF;
    }

    /** Writes the destination port. */
    public TcpHeader destinationPort(int port) {
        buffer.putShort(offset + DESTINATION_PORT_OFFSET, (short) port);
        return this;
    }

    /** Sequence number. */
    public int seq() {
        return buffer.getInt(offset + SEQ_OFFSET);
    }

    /** Writes the sequence number. */
    public TcpHeader seq(int seq) {
        buffer.putInt(offset + SEQ_OFFSET, seq);
        return this;
    }

    /** Acknowledgement number. */
    public int ack() {
        return buffer.getInt(offset + ACK_OFFSET);
    }

    /** Writes the acknowledgement number. */
    public TcpHeader ack(int ack) {
        buffer.putInt(offset + ACK_OFFSET, ack);
        return this;
    }

    /** Length of the header with its options, in bytes: 0 to 60. */
    public int headerLength() {
        return ((buffer.get(offset + DATA_OFFSET_OFFSET) & 0xFF) >>> 4) * Integer.BYTES;
    }

    /** Writes the length of the header in bytes, a multiple of 4. */
    public TcpHeader headerLength(int length) {
        buffer.put(offset + DATA_OFFSET_OFFSET, (byte) (length / Integer.BYTES << 4));
        return this;
    }

    /** The eight flags. */
    public int flags() {
        return buffer.get(offset + FLAGS_OFFSET) & 0xFF;
    }

    /** Writes the eight flags. */
    public TcpHeader flags(int flags) {
        buffer.put(offset + FLAGS_OFFSET, (byte) flags);
        return this;
    }

    /** Whether one of these flags is set. */
    public boolean has(int flags) {
        return (flags() & flags) != 0;
    }

    /** The window as it stands in the header, not scaled. */
    public int window() {
        return buffer.getShort(offset + WINDOW_OFFSET) & 0xFFFF;
    }

    /** Writes the window. */
    public TcpHeader window(int window) {
        buffer.putShort(offset + WINDOW_OFFSET, (short) window);
        return this;
    }

    /** Checksum. */
    public int checksum() {
        return buffer.getShort(offset + CHECKSUM_OFFSET) & 0xFFFF;
    }

    /** Writes the checksum. */
    public TcpHeader checksum(int checksum) {
        buffer.putShort(offset + CHECKSUM_OFFSET, (short) checksum);
        return this;
    }

    /** Urgent pointer. */
    public int urgentPointer() {
        return buffer.getShort(offset + URGENT_OFFSET) & 0xFFFF;
    }

    /** Writes the urgent pointer. */
    public TcpHeader urgentPointer(int pointer) {
        buffer.putShort(offset + URGENT_OFFSET, (short) pointer);
        return this;
    }
}
