package io.tcpcopy.inject;

import io.tcpcopy.net.MappedMemory;
import io.tcpcopy.net.MessageArray;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.StartException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Messages in memory as sendmmsg(2) wants them, each with the socket address that it goes to. A packet is one or several of
 * them. They are added one by one and removed all together.
 */
public final class MessageBatch implements AutoCloseable {
    private final int capacity;
    private final int addressLength;
    private final MessageArray messages;
    private final NativeMemory addresses;
    private final MappedMemory bytes;
    private final int[] targets;
    private final int[] offsets;
    private final boolean[] lastOfPacket;
    private int count;
    private int usedBytes;

    /**
     * An empty batch.
     *
     * @param capacity how many messages it holds
     * @param size how many bytes they may have together; they take no memory before they are written
     * @param addressLength of each socket address, in bytes
     * @throws StartException when there is no memory for it
     */
    public MessageBatch(int capacity, int size, int addressLength) throws StartException {
        this.capacity = capacity;
        this.addressLength = addressLength;
        messages = new MessageArray(capacity);
        addresses = NativeMemory.allocate(capacity * addressLength, ByteOrder.BIG_ENDIAN);
        bytes = MappedMemory.ofProcess(size);
        targets = new int[capacity];
        offsets = new int[capacity];
        lastOfPacket = new boolean[capacity];
        for (int i = 0; i < capacity; i++) {
            messages.name(i, addresses.address(i * addressLength, addressLength), addressLength);
        }
    }

    /** How many messages there are. */
    public int count() {
        return count;
    }

    /** How many bytes they have. */
    public int usedBytes() {
        return usedBytes;
    }

    /** Whether so many messages fit, with so many bytes together. */
    public boolean hasRoom(int number, int length) {
        return number <= capacity - count && length <= bytes.buffer().capacity() - usedBytes;
    }

    /**
     * Adds a message for which there is room: its bytes, and its socket address at {@link #addressOffset}, are to be written.
     *
     * @param target the number of the target, to be had back
     * @return where its bytes begin in {@link #bytes}
     */
    public int add(int length, int target) {
        int offset = usedBytes;
        messages.bytes(count, bytes.address(offset, length), length);
        targets[count] = target;
        offsets[count] = offset;
        lastOfPacket[count] = false;
        usedBytes += length;
        count++;
        return offset;
    }

    /** The message that was added last is the last one of its packet. */
    public void endPacket() {
        lastOfPacket[count - 1] = true;
    }

    /** The number of the target that a message goes to. */
    public int target(int index) {
        return targets[index];
    }

    /** Where a message begins in {@link #bytes}. */
    public int offset(int index) {
        return offsets[index];
    }

    /** Whether a message is the last one of its packet. */
    public boolean isLastOfPacket(int index) {
        return lastOfPacket[index];
    }

    /** The messages, in network byte order. */
    public ByteBuffer bytes() {
        return bytes.buffer();
    }

    /** The socket addresses of the messages, in network byte order, and zeroed at first. */
    public ByteBuffer addresses() {
        return addresses.buffer();
    }

    /** Where the socket address of the message that was added last begins in {@link #addresses}. */
    public int addressOffset() {
        return (count - 1) * addressLength;
    }

    /** Address of {@code number} messages from {@code index} on, for the kernel. */
    public long address(int index, int number) {
        return messages.address(index, number);
    }

    /** Removes all messages. */
    public void clear() {
        count = 0;
        usedBytes = 0;
    }

    @Override
    public void close() {
        bytes.close();
    }
}
