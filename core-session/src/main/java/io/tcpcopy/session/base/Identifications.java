package io.tcpcopy.session.base;

import java.util.SplittableRandom;

/**
 * Numbers the packets for the targets: the client's numbers would be the same for all copies, and for repetitions, which routers
 * and hosts that put fragments together could then not tell apart (RFC 6864).
 */
public final class Identifications {
    private static final int MAX = 0xFFFF;

    /** Several tcpcopys may use the same clients' addresses: they should not begin with the same one. */
    private int last = new SplittableRandom().nextInt(MAX);

    /** Begins anywhere. */
    public Identifications() {}

    /** The next one, in 16 bits: never 0, for which the kernel fills in another one (raw(7)). */
    public int next() {
        last = last % MAX + 1;
        return last;
    }
}
