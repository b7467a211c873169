package io.tcpcopy.inject.frame;

import java.nio.ByteBuffer;

/**
 * A bounded queue of packets, whose bytes stand one behind the other. The room of packets that were removed is used
 * again when all are.
 */
final class WaitingPackets {
    private final ByteBuffer bytes;
    private final int[] lengths;
    /** Packets added and bytes of them, since all were removed for the last time. */
    private int added;

    private int addedBytes;
    /** Packets removed of these and bytes of them. */
    private int removed;

    private int removedBytes;

    /**
     * An empty queue.
     *
     * @param capacity how many packets it holds
     * @param packetBytes how many bytes they may have together
     */
    WaitingPackets(int capacity, int packetBytes) {
        lengths = new int[capacity];
        bytes = ByteBuffer.allocate(packetBytes);
    }

    boolean hasRoom(int length) {
        return added < lengths.length && length <= bytes.capacity() - addedBytes;
    }

    /** Adds a copy of a packet for which there is room. */
    void add(ByteBuffer buffer, int offset, int length) {
        bytes.put(addedBytes, buffer, offset, length);
        lengths[added] = length;
        addedBytes += length;
        added++;
    }

    /** How many packets wait. */
    int size() {
        return added - removed;
    }

    /** The memory of all packets, in network byte order. */
    ByteBuffer buffer() {
        return bytes;
    }

    /** Where the first packet begins. */
    int frontOffset() {
        return removedBytes;
    }

    /** Length of the first packet in bytes. */
    int frontLength() {
        return lengths[removed];
    }

    /** Removes the first packet. */
    void removeFront() {
        removedBytes += lengths[removed];
        removed++;
        if (removed == added) {
            clear();
        }
    }

    void clear() {
        added = 0;
        addedBytes = 0;
        removed = 0;
        removedBytes = 0;
    }
}
