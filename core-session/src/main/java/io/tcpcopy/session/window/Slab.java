package io.tcpcopy.session.window;

import java.nio.ByteBuffer;

/** Memory for packets of one size. */
final class Slab {
    /** Size of a slab. */
    static final int BYTES = 1 << 20;

    final ByteBuffer memory = ByteBuffer.allocateDirect(BYTES);
    /** Index of the size that its packets have; the pool gives it, and may give it another one while none is in use. */
    int sizeClass;
    /** How many of its packets are taken. */
    int packetsInUse;
    /** Whether any of them was in use since the pool asked last. */
    boolean wanted;
    /** Bytes that have been cut into packets. */
    private int cutBytes;

    /** All of the slab is to be cut into packets of another size; none may be in use. */
    void cutAnew(int newSizeClass) {
        sizeClass = newSizeClass;
        cutBytes = 0;
    }

    /** Whether so much memory is left that no packet has. */
    boolean hasLeft(int size) {
        return cutBytes + size <= BYTES;
    }

    /** The index of memory of this size, which is some packet's from now on. */
    int cut(int size) {
        cutBytes += size;
        return cutBytes - size;
    }
}
