package io.tcpcopy.inject.raw;

import java.util.Arrays;

/**
 * The last packets that were sent and are looked for: how they were, and for which target. One takes the place of another with
 * a like key.
 */
final class SentPackets {
    /** Many more than leave before those that have left are read. A power of two. */
    private static final int CAPACITY = 2048;

    /** In place of a target. */
    private static final int NONE = -1;

    private final long[] keys = new long[CAPACITY];
    private final int[] sources = new int[CAPACITY];
    private final int[] sourcePorts = new int[CAPACITY];
    private final int[] targets = new int[CAPACITY];

    SentPackets() {
        Arrays.fill(targets, NONE);
    }

    /**
     * Remembers a packet.
     *
     * @param target its number
     */
    void add(LeavingPacket packet, int target) {
        int place = place(packet.key());
        keys[place] = packet.key();
        sources[place] = packet.source();
        sourcePorts[place] = packet.sourcePort();
        targets[place] = target;
    }

    /** Returns the place of a packet by its key; negative where there is none. */
    int find(long key) {
        int place = place(key);
        return targets[place] != NONE && keys[place] == key ? place : NONE;
    }

    /** It is not looked for any more. */
    void remove(int place) {
        targets[place] = NONE;
    }

    /** None of the packets for a target is looked for any more. */
    void removeFor(int target) {
        for (int place = 0; place < CAPACITY; place++) {
            if (targets[place] == target) {
                remove(place);
            }
        }
    }

    int source(int place) {
        return sources[place];
    }

    int sourcePort(int place) {
        return sourcePorts[place];
    }

    int target(int place) {
        return targets[place];
    }

    private static int place(long key) {
        return Long.hashCode(key) & CAPACITY - 1;
    }
}
