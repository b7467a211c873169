package io.tcpcopy.tcpcopy.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What happened last between two ends, written like a dialogue: numbers of the client are counted from its first
 * SYN.
 */
class Trace {
    /** Notes nothing. */
    static final Trace NONE = new Trace() {
        @Override
        void add(long timeNs, String arrow, CopiedConnection copied, TcpPacket packet) {
            // Nobody will ask.
        }
    };

    private static final int MAX_LINES = 120;
    private static final double NS_PER_MS = 1e6;

    private final Map<Ends, Deque<String>> lines = new HashMap<>();
    private final Map<Ends, CopiedConnection> first = new HashMap<>();
    private Ends chosen;

    /** Adds a line to those of a connection, and of those between the same ends. */
    void add(long timeNs, String arrow, CopiedConnection copied, TcpPacket packet) {
        chosen = copied.ends();
        first.putIfAbsent(chosen, copied);
        Deque<String> ofPort = lines.computeIfAbsent(chosen, key -> new ArrayDeque<>());
        if (ofPort.size() == MAX_LINES) {
            ofPort.removeFirst();
        }
        boolean ofClient = packet.source().address().equals(chosen.client().address());
        int port = ofClient ? packet.source().port() : packet.destination().port();
        String otherPort = port == chosen.client().port() ? "" : " port " + port;
        ofPort.add("%.3f ms %s %s%s"
                .formatted(
                        timeNs / NS_PER_MS,
                        arrow,
                        packet.toString(first.get(chosen).iss(), ofClient),
                        otherPort));
    }

    /** Something is wrong with a connection, which need not be the last one that something happened to. */
    void choose(CopiedConnection copied) {
        chosen = copied.ends();
    }

    /** The lines of the connection that something happened to last, or that something is wrong with. */
    @Override
    public String toString() {
        return chosen
                + System.lineSeparator()
                + String.join(System.lineSeparator(), lines.getOrDefault(chosen, new ArrayDeque<>()));
    }
}
