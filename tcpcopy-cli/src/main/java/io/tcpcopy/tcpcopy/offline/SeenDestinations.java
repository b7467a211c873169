package io.tcpcopy.tcpcopy.offline;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Ipv4Header;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Where the packets of a capture go, for people who look for the right {@code -x}. */
final class SeenDestinations {
    /** Bounds the memory for a capture of scans, say. Those seen first are enough to choose from. */
    private static final int MAX_DESTINATIONS = 10_000;

    /** As many as fit into one line for people. */
    private static final int MAX_NAMED = 5;
    /** TCP and UDP begin with both ports. */
    private static final int PORTS_LENGTH = 4;

    private static final int DESTINATION_PORT_OFFSET = 2;

    private final Ipv4Header header = new Ipv4Header();
    private final Map<String, Integer> packets = new HashMap<>();

    /** Notes where a packet goes, if it is one of TCP or UDP. */
    void note(CapturedPacket packet) {
        header.wrap(packet.buffer(), packet.offset());
        if (!header.isValid(packet.length())
                || header.isFragment()
                || packet.length() < header.headerLength() + PORTS_LENGTH) {
            return;
        }
        String protocol;
        switch (header.protocol()) {
            case Ipv4Header.PROTOCOL_TCP -> protocol = "TCP";
            case Ipv4Header.PROTOCOL_UDP -> protocol = "UDP";
            default -> {
                return;
            }
        }
        int portOffset = packet.offset() + header.headerLength() + DESTINATION_PORT_OFFSET;
        int port = packet.buffer().getShort(portOffset) & 0xFFFF;
        String destination = protocol + " to " + Endpoint.ipv4(header.destination(), port);
        if (packets.size() < MAX_DESTINATIONS || packets.containsKey(destination)) {
            packets.merge(destination, 1, Integer::sum);
        }
    }

    /** The most frequent ones, with the number of packets to each; empty if there are none. */
    @Override
    public String toString() {
        String named = packets.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_NAMED)
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", "));
        int others = packets.size() - MAX_NAMED;
        return others > 0 ? named + " and " + others + " others" : named;
    }
}
