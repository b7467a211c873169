package io.tcpcopy.inject;

import java.nio.ByteBuffer;

/** Packets that wait, in their order, as bytes one behind the other. Taken from the front; room comes back when all are taken. */
final class WaitingPackets {
    private final ByteBuffer bytes;
    private final int[] lengths;
    private int count;
    private int end;
    private int taken;
    private int front;

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
        return count < lengths.length && length <= bytes.capacity() - end;
    }

    /** Adds a copy of a packet for which there is room. */
    void add(ByteBuffer buffer, int offset, int length) {
        bytes.put(end, buffer, offset, length);
        lengths[count] = length;
        end += length;
        count++;
    }

    /** How many packets wait. */
    int size() {
        return count - taken;
    }

    /** The memory of all packets, in network byte order. */
    ByteBuffer buffer() {
        return bytes;
    }

    /** Where the first packet begins. */
    int frontOffset() {
        return front;
    }

    /** Length of the first packet in bytes. */
    int frontLength() {
        return lengths[taken];
    }

    /** Takes the first packet away. */
    void removeFront() {
        front += lengths[taken];
        taken++;
        if (taken == count) {
            clear();
        }
    }

    void clear() {
        count = 0;
        end = 0;
        taken = 0;
        front = 0;
    }
}
