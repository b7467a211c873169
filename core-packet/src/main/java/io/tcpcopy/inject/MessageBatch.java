package io.tcpcopy.inject;

import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Packets in memory as sendmmsg(2) wants them: an array of {@code struct mmsghdr}, each pointing to an address and to one
 * {@code struct iovec}. Layouts are those of 64-bit Linux, which {@link io.tcpcopy.net.Libc#checkPlatform} makes sure of.
 * Filled from the front, emptied as a whole.
 */
final class MessageBatch {
    private static final int MESSAGE_LENGTH = 64;
    private static final int NAME_OFFSET = 0;
    private static final int NAME_LENGTH_OFFSET = 8;
    private static final int VECTOR_OFFSET = 16;
    private static final int VECTOR_COUNT_OFFSET = 24;

    private static final int VECTOR_LENGTH = 16;
    private static final int VECTOR_BASE_OFFSET = 0;
    private static final int VECTOR_SIZE_OFFSET = 8;

    private final int capacity;
    private final NativeMemory messages;
    private final NativeMemory vectors;
    private final NativeMemory addresses;
    private final NativeMemory packets;
    private final int[] targets;
    private int count;
    private int packetBytes;

    /**
     * An empty batch.
     *
     * @param capacity how many packets it holds
     * @param packetBytes how many bytes they may have together
     */
    MessageBatch(int capacity, int packetBytes) {
        this.capacity = capacity;
        messages = NativeMemory.allocate(capacity * MESSAGE_LENGTH, ByteOrder.nativeOrder());
        vectors = NativeMemory.allocate(capacity * VECTOR_LENGTH, ByteOrder.nativeOrder());
        addresses = NativeMemory.allocate(capacity * SocketAddress.IPV4_LENGTH, ByteOrder.BIG_ENDIAN);
        packets = NativeMemory.allocate(packetBytes, ByteOrder.BIG_ENDIAN);
        targets = new int[capacity];
        for (int i = 0; i < capacity; i++) {
            int message = i * MESSAGE_LENGTH;
            int address = i * SocketAddress.IPV4_LENGTH;
            ByteBuffer buffer = messages.buffer();
            buffer.putLong(message + NAME_OFFSET, addresses.address(address, SocketAddress.IPV4_LENGTH));
            buffer.putInt(message + NAME_LENGTH_OFFSET, SocketAddress.IPV4_LENGTH);
            buffer.putLong(message + VECTOR_OFFSET, vectors.address(i * VECTOR_LENGTH, VECTOR_LENGTH));
            buffer.putLong(message + VECTOR_COUNT_OFFSET, 1);
        }
    }

    /** How many packets there are. */
    int count() {
        return count;
    }

    boolean hasRoom(int length) {
        return count < capacity && length <= packets.size() - packetBytes;
    }

    /** Adds a copy of a packet for which there is room. */
    void add(ByteBuffer buffer, int offset, int length, int target) {
        packets.buffer().put(packetBytes, buffer, offset, length);
        int vector = count * VECTOR_LENGTH;
        vectors.buffer().putLong(vector + VECTOR_BASE_OFFSET, packets.address(packetBytes, length));
        vectors.buffer().putLong(vector + VECTOR_SIZE_OFFSET, length);
        SocketAddress.putIpv4(addresses.buffer(), count * SocketAddress.IPV4_LENGTH, target, 0);
        targets[count] = target;
        packetBytes += length;
        count++;
    }

    /** Where a packet goes: its IPv4 destination. */
    int target(int index) {
        return targets[index];
    }

    /** Address of {@code number} messages from {@code index} on, for the kernel. */
    long address(int index, int number) {
        return messages.address(index * MESSAGE_LENGTH, number * MESSAGE_LENGTH);
    }

    void clear() {
        count = 0;
        packetBytes = 0;
    }
}
