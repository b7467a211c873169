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
}
