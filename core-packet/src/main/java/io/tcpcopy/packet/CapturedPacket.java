package io.tcpcopy.packet;

import java.nio.ByteBuffer;

/**
 * A view of a captured IPv4 packet: where its bytes are, and what the capture knows of it. A source has one, which it
 * puts on one packet after the other, so that none costs memory: whoever is handed it reads it before the next packet
 * comes, and does not keep it.
 */
public final class CapturedPacket {
    /** In place of a segment size. */
    public static final int SEGMENT_SIZE_UNKNOWN = 0;

    private ByteBuffer buffer;
    private int offset;
    private int length;
    private int wireLength;
    private long arrivalNs;
    private Direction direction = Direction.UNKNOWN;
    private ChecksumState checksum = ChecksumState.UNKNOWN;
    private int segmentSize = SEGMENT_SIZE_UNKNOWN;

    /**
     * Puts the view on a packet. Nothing of the one before is left over: direction, checksum and segment size are
     * unknown until they are set for this one.
     *
     * @param newBuffer in network byte order
     * @param newOffset index of the IPv4 header; nothing of it has been checked
     * @param capturedLength captured bytes from there on, at least 1
     * @param lengthOnWire bytes from there on that the packet had on the wire, at least {@code capturedLength}
     * @param captureNs when the kernel saw the packet: nanoseconds of a clock that all packets of a source share
     * @return this
     */
    public CapturedPacket wrap(
            ByteBuffer newBuffer, int newOffset, int capturedLength, int lengthOnWire, long captureNs) {
        buffer = newBuffer;
        offset = newOffset;
        length = capturedLength;
        wireLength = lengthOnWire;
        arrivalNs = captureNs;
        direction = Direction.UNKNOWN;
        checksum = ChecksumState.UNKNOWN;
        segmentSize = SEGMENT_SIZE_UNKNOWN;
        return this;
    }

    /** The buffer that holds the packet, in network byte order. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Index of the IPv4 header in {@link #buffer}; nothing of it has been checked. */
    public int offset() {
        return offset;
    }

    /** Captured bytes from the IPv4 header on, at least 1. */
    public int length() {
        return length;
    }

    /** Bytes from the IPv4 header on that the packet had on the wire, at least {@link #length}. */
    public int wireLength() {
        return wireLength;
    }

    /** When the kernel saw the packet: nanoseconds of a clock that all packets of a source share. */
    public long arrivalNs() {
        return arrivalNs;
    }

    /** Corrects when the packet was captured, in nanoseconds of that clock. */
    public CapturedPacket arrivalNs(long captureNs) {
        arrivalNs = captureNs;
        return this;
    }

    /** Which way it went. */
    public Direction direction() {
        return direction;
    }

    /** Sets which way the packet went. */
    public CapturedPacket direction(Direction newDirection) {
        direction = newDirection;
        return this;
    }

    /** What is known of its TCP or UDP checksum. */
    public ChecksumState checksum() {
        return checksum;
    }

    /** Sets what is known of the packet's TCP or UDP checksum. */
    public CapturedPacket checksum(ChecksumState state) {
        checksum = state;
        return this;
    }

    /**
     * Bytes of payload in each of the segments that were merged into the packet, of which the last may have less; or
     * {@link #SEGMENT_SIZE_UNKNOWN}, also where nothing was merged.
     */
    public int segmentSize() {
        return segmentSize;
    }

    /** Sets the size of the segments that were merged into the packet, in bytes of payload. */
    public CapturedPacket segmentSize(int bytes) {
        segmentSize = bytes;
        return this;
    }
}
