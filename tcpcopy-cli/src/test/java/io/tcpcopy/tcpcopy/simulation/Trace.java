package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.flow.Endpoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What happened last to each client's port, written like a dialogue: numbers of the client are counted from its first
 * SYN.
 */
class Trace {
    /** Notes nothing. */
    static final Trace NONE = new Trace() {
        @Override
        void add(long timeNs, String arrow, CopiedConnection first, TcpPacket packet) {
            // Nobody will ask.
        }
    };

    private static final int MAX_LINES = 120;
    private static final double NS_PER_MS = 1e6;

    private final Map<Endpoint, Deque<String>> lines = new HashMap<>();
    private Endpoint chosen;

    /** Adds a line to those of the client that opened this connection first. */
    void add(long timeNs, String arrow, CopiedConnection first, TcpPacket packet) {
        chosen = first.client();
        Deque<String> ofPort = lines.computeIfAbsent(chosen, key -> new ArrayDeque<>());
        if (ofPort.size() == MAX_LINES) {
            ofPort.removeFirst();
        }
        boolean ofClient = packet.source().equals(chosen);
        ofPort.add("%.3f ms %s %s".formatted(timeNs / NS_PER_MS, arrow, packet.toString(first.iss(), ofClient)));
    }

    /** Something is wrong with a client, which need not be the last one that something happened to. */
    void choose(Endpoint client) {
        chosen = client;
    }

    /** The lines of the client that something happened to last, or that something is wrong with. */
    @Override
    public String toString() {
        return chosen
                + System.lineSeparator()
                + String.join(System.lineSeparator(), lines.getOrDefault(chosen, new ArrayDeque<>()));
    }
}
