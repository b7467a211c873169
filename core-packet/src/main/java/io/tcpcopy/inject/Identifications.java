package io.tcpcopy.inject;

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

    /**
     * Takes numbers that follow each other: none of them is 0, for which the kernel fills in another one (raw(7)).
     *
     * @param number how many, 1 to 65535
     * @return the first one, in 16 bits
     */
    public int next(int number) {
        int first = last + number > MAX ? 1 : last + 1;
        last = first + number - 1;
        return first;
    }
}
