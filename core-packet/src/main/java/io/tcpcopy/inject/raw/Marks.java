package io.tcpcopy.inject.raw;

import java.util.concurrent.ThreadLocalRandom;

/**
 * The identifications of packets that are looked at when they leave, beside those that begin a connection: one for each target.
 * Others may have them by chance. Two programs on one host hardly choose the same.
 */
final class Marks {
    /** There are not more targets. A power of two. */
    private static final int COUNT = 64;

    private final int first = ThreadLocalRandom.current().nextInt(1, 65536 / COUNT) * COUNT;

    /** The one for a target, by the target's number. */
    int of(int target) {
        return first + target % COUNT;
    }

    /** What all of them have in common, as {@link #mask} says. */
    int first() {
        return first;
    }

    /** The bits of an identification that are the same in all of them. */
    int mask() {
        return -COUNT & 0xFFFF;
    }
}
