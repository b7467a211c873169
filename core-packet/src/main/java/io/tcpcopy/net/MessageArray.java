package io.tcpcopy.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What sendmmsg(2) and recvmmsg(2) work on: an array of {@code struct mmsghdr}, each with one piece of memory
 * ({@code struct iovec}). It only points to memory, which must be kept by whoever sets it. Layouts are those of 64-bit
 * Linux, which {@link Libc#checkPlatform} makes sure of.
 */
public final class MessageArray {
    /** {@code struct mmsghdr}, which begins with a {@code struct msghdr}. */
    private static final int MESSAGE_LENGTH = 64;

    private static final int NAME_OFFSET = 0;
    private static final int NAME_LENGTH_OFFSET = 8;
    private static final int VECTOR_OFFSET = 16;
    private static final int VECTOR_COUNT_OFFSET = 24;
    private static final int CONTROL_OFFSET = 32;
    private static final int CONTROL_LENGTH_OFFSET = 40;
    private static final int TRANSFERRED_OFFSET = 56;

    /** {@code struct iovec}. */
    private static final int VECTOR_LENGTH = 16;

    private static final int VECTOR_BASE_OFFSET = 0;
    private static final int VECTOR_SIZE_OFFSET = 8;

    private final NativeMemory messages;
    private final NativeMemory vectors;

    /**
     * Messages without bytes.
     *
     * @param capacity how many
     */
    public MessageArray(int capacity) {
        messages = NativeMemory.allocate(capacity * MESSAGE_LENGTH, ByteOrder.nativeOrder());
        vectors = NativeMemory.allocate(capacity * VECTOR_LENGTH, ByteOrder.nativeOrder());
        for (int i = 0; i < capacity; i++) {
            int message = i * MESSAGE_LENGTH;
            ByteBuffer buffer = messages.buffer();
            buffer.putLong(message + VECTOR_OFFSET, vectors.address(i * VECTOR_LENGTH, VECTOR_LENGTH));
            buffer.putLong(message + VECTOR_COUNT_OFFSET, 1);
        }
    }

    /** Sets the bytes of a message, or the room for them. */
    public void bytes(int index, long address, int length) {
        int vector = index * VECTOR_LENGTH;
        vectors.buffer().putLong(vector + VECTOR_BASE_OFFSET, address);
        vectors.buffer().putLong(vector + VECTOR_SIZE_OFFSET, length);
    }

    /** Sets the memory of the socket address that a message goes to. */
    public void name(int index, long address, int length) {
        int message = index * MESSAGE_LENGTH;
        messages.buffer().putLong(message + NAME_OFFSET, address);
        messages.buffer().putInt(message + NAME_LENGTH_OFFSET, length);
    }

    /** Sets the room for control messages (cmsg(3)); it must be set again for each call that receives. */
    public void control(int index, long address, int length) {
        int message = index * MESSAGE_LENGTH;
        messages.buffer().putLong(message + CONTROL_OFFSET, address);
        messages.buffer().putLong(message + CONTROL_LENGTH_OFFSET, length);
    }

    /** How much of that room the kernel has filled, in bytes. */
    public long controlLength(int index) {
        return messages.buffer().getLong(index * MESSAGE_LENGTH + CONTROL_LENGTH_OFFSET);
    }

    /** How many bytes of a message were sent or received; with {@link Libc#MSG_TRUNC}, how many it had. */
    public int transferred(int index) {
        return messages.buffer().getInt(index * MESSAGE_LENGTH + TRANSFERRED_OFFSET);
    }

    /** Address of {@code number} messages from {@code index} on, for the kernel. */
    public long address(int index, int number) {
        return messages.address(index * MESSAGE_LENGTH, number * MESSAGE_LENGTH);
    }
}
