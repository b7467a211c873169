package io.tcpcopy.net;

import com.kenai.jffi.Function;
import com.kenai.jffi.HeapInvocationBuffer;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Memory that the kernel and Java share (mmap(2)): that of a socket, or of the process. Nobody may touch it when it is closed.
 *
 * <p>The call goes through jffi itself: what jnr-ffi makes for functions of six arguments loses the last one.
 */
public final class MappedMemory implements AutoCloseable {
    /** {@code asm-generic/mman-common.h}. */
    private static final int PROT_READ = 0x1;

    private static final int PROT_WRITE = 0x2;
    private static final int MAP_SHARED = 0x1;
    private static final int MAP_PRIVATE = 0x2;
    private static final int MAP_ANONYMOUS = 0x20;
    /** In place of a descriptor, for memory of the process. */
    private static final int NO_FILE = -1;

    private static final long MAP_FAILED = -1;

    private final long address;
    private final ByteBuffer buffer;

    private MappedMemory(long address, int length) {
        this.address = address;
        this.buffer = MemoryIO.getInstance().newDirectByteBuffer(address, length);
    }

    /**
     * Maps what a socket shares.
     *
     * @throws StartException when the kernel does not do it
     */
    public static MappedMemory of(int fd, int length) throws StartException {
        return map(fd, MAP_SHARED, length, "the memory of a socket");
    }

    /**
     * Maps zeroed memory of the process, of which each page is there when it is written for the first time.
     *
     * @throws StartException when the kernel does not do it
     */
    public static MappedMemory ofProcess(int length) throws StartException {
        return map(NO_FILE, MAP_PRIVATE | MAP_ANONYMOUS, length, "memory for packets");
    }

    private static MappedMemory map(int fd, int flags, int length, String what) throws StartException {
        Function mmap = new Function(
                Library.getDefault().getSymbolAddress("mmap"),
                Type.POINTER,
                Type.POINTER,
                Type.SINT64,
                Type.SINT32,
                Type.SINT32,
                Type.SINT32,
                Type.SINT64);
        HeapInvocationBuffer arguments = new HeapInvocationBuffer(mmap);
        arguments.putAddress(0);
        arguments.putLong(length);
        arguments.putInt(PROT_READ | PROT_WRITE);
        arguments.putInt(flags);
        arguments.putInt(fd);
        arguments.putLong(0);
        long address = Invoker.getInstance().invokeAddress(mmap, arguments);
        if (address == MAP_FAILED) {
            int errno = LastError.getInstance().get();
            throw new StartException("cannot map " + what + ": " + Errno.message(errno));
        }
        return new MappedMemory(address, length);
    }

    /** All of it; its order is big endian. */
    public ByteBuffer buffer() {
        return buffer;
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

    @Override
    public void close() {
        Libc.unmap(address, buffer.capacity());
    }
}
