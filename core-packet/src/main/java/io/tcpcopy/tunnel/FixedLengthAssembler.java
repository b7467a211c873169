package io.tcpcopy.tunnel;

import java.nio.ByteBuffer;

/** Gathers the bytes of one message from pieces of any size. */
final class FixedLengthAssembler {
    private final ByteBuffer bytes;
    private int filled;

    /** An assembler for messages of at most {@code capacity} bytes. */
    FixedLengthAssembler(int capacity) {
        bytes = ByteBuffer.allocate(capacity);
    }

    /**
     * Takes from a piece what is missing of the first {@code length} bytes, and moves its position behind that.
     *
     * @return whether they are all there
     */
    boolean fill(ByteBuffer source, int length) {
        int taken = Math.min(length - filled, source.remaining());
        if (taken > 0) {
            bytes.put(filled, source, source.position(), taken);
            source.position(source.position() + taken);
            filled += taken;
        }
        return filled >= length;
    }

    /** The bytes gathered so far, from index 0. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Begins the next message. */
    void clear() {
        filled = 0;
    }
}
