package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.packet.TcpSeq;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Bytes that came before those that belong in front of them. */
final class Reassembly {
    /** By how far they lie behind the first number. */
    private final TreeMap<Integer, byte[]> parts = new TreeMap<>();

    private final int first;

    /** Numbers count from {@code first}. */
    Reassembly(int first) {
        this.first = first;
    }

    void add(int seq, byte[] payload) {
        parts.merge(TcpSeq.distance(first, seq), payload, (a, b) -> a.length >= b.length ? a : b);
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Takes out what continues the stream at a number, without what came before it; null if nothing does. */
    byte[] next(int seq) {
        int position = TcpSeq.distance(first, seq);
        for (Map.Entry<Integer, byte[]> part = parts.firstEntry();
                part != null && part.getKey() <= position;
                part = parts.firstEntry()) {
            parts.pollFirstEntry();
            byte[] bytes = part.getValue();
            int old = position - part.getKey();
            if (old < bytes.length) {
                return old == 0 ? bytes : Arrays.copyOfRange(bytes, old, bytes.length);
            }
        }
        return null;
    }
}
