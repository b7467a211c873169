package io.tcpcopy.inject.raw;

import io.tcpcopy.net.MessageArray;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Packets in memory as sendmmsg(2) wants them. Packets are added one by one and removed all together. */
final class MessageBatch {
    private final int capacity;
    private final MessageArray messages;
    private final NativeMemory addresses;
    private final NativeMemory packets;
    private final int[] targets;
    private final int[] offsets;
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
        messages = new MessageArray(capacity);
        addresses = NativeMemory.allocate(capacity * SocketAddress.IPV4_LENGTH, ByteOrder.BIG_ENDIAN);
        packets = NativeMemory.allocate(packetBytes, ByteOrder.BIG_ENDIAN);
        targets = new int[capacity];
        offsets = new int[capacity];
        for (int i = 0; i < capacity; i++) {
            int address = i * SocketAddress.IPV4_LENGTH;
            messages.name(i, addresses.address(address, SocketAddress.IPV4_LENGTH), SocketAddress.IPV4_LENGTH);
        }
    }

    /** How many packets there are. */
    int count() {
        return count;
    }

    boolean hasRoom(int length) {
        return count < capacity && length <= packets.size() - packetBytes;
    }

    /**
     * Adds a copy of a packet for which there is room.
     *
     * @param address IPv4 address that it goes to
     * @param target the number of the target, to be had back
     */
    void add(ByteBuffer buffer, int offset, int length, int address, int target) {
        packets.buffer().put(packetBytes, buffer, offset, length);
        messages.bytes(count, packets.address(packetBytes, length), length);
        SocketAddress.putIpv4(addresses.buffer(), count * SocketAddress.IPV4_LENGTH, address, 0);
        targets[count] = target;
        offsets[count] = packetBytes;
        packetBytes += length;
        count++;
    }

    /** The number of the target that a packet goes to. */
    int target(int index) {
        return targets[index];
    }

    /** Where a packet begins in {@link #packets}. */
    int offset(int index) {
        return offsets[index];
    }

    /** The packets, in network byte order. */
    ByteBuffer packets() {
        return packets.buffer();
    }

    /** Address of {@code number} messages from {@code index} on, for the kernel. */
    long address(int index, int number) {
        return messages.address(index, number);
    }

    void clear() {
        count = 0;
        packetBytes = 0;
    }
}
