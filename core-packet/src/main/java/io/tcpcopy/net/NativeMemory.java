package io.tcpcopy.net;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Memory that both Java and the kernel see: a direct buffer whose address was asked for once. It lives as long as this
 * object, so whoever hands an address to the kernel must hold it in a field.
 */
public final class NativeMemory {
    private final ByteBuffer buffer;
    private final long address;

    private NativeMemory(ByteBuffer buffer) {
        this.buffer = buffer;
        this.address = Pointer.wrap(Runtime.getSystemRuntime(), buffer).address();
    }

    /**
     * Zeroed memory, aligned to at least 8 bytes.
     *
     * @param size in bytes
     * @param order of the buffer: big endian for packets, native for structures of the kernel
     */
    public static NativeMemory allocate(int size, ByteOrder order) {
        return new NativeMemory(ByteBuffer.allocateDirect(size).order(order));
    }

    /** The bytes; position and limit span all of them, and addresses do not depend on them. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** How many bytes there are. */
    public int size() {
        return buffer.capacity();
    }

    /**
     * Copies what a library holds to the beginning of this memory.
     *
     * @param from address of its first byte
     * @param length in bytes
     * @throws IndexOutOfBoundsException when there is no room for so much
     */
    public void copyFrom(long from, int length) {
        MemoryIO.getInstance().copyMemory(from, address(0, length), length);
    }

    /**
     * The address of a range, for the kernel.
     *
     * @param offset of its first byte
     * @param length in bytes
     * @throws IndexOutOfBoundsException when the range is not wholly in this memory
     */
    public long address(int offset, int length) {
        return address + Objects.checkFromIndexSize(offset, length, buffer.capacity());
    }
}
