package io.tcpcopy.tcpcopy.offline;

import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OtherTraffic;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What else a capture holds than TCP and UDP over IPv4, and how much of it. */
final class LeftOut {
    private final Ipv4Header header = new Ipv4Header();
    private final long[] packets = new long[OtherTraffic.values().length];

    /** Notes a packet of this kind. */
    void note(OtherTraffic kind) {
        packets[kind.ordinal()]++;
    }

    /**
     * Notes an IPv4 packet that was not taken.
     *
     * @return whether it is of such a kind
     */
    boolean note(CapturedPacket packet) {
        OtherTraffic kind = OtherTraffic.ofIpv4(packet, header);
        if (kind == null) {
            return false;
        }
        note(kind);
        return true;
    }

    /** How many packets of each kind, the most frequent first. */
    Map<OtherTraffic, Long> counts() {
        Map<OtherTraffic, Long> counts = new LinkedHashMap<>();
        Arrays.stream(OtherTraffic.values())
                .filter(kind -> packets[kind.ordinal()] > 0)
                .sorted(Comparator.comparingLong((OtherTraffic kind) -> packets[kind.ordinal()])
                        .reversed())
                .forEach(kind -> counts.put(kind, packets[kind.ordinal()]));
        return counts;
    }

    /** These in words, with what can be done; empty if there are none. */
    @Override
    public String toString() {
        return describe(counts());
    }

    /** Such counts in words. */
    static String describe(Map<OtherTraffic, Long> counts) {
        String text = counts.entrySet().stream()
                .map(count -> count.getValue() + " of " + count.getKey().text() + remedy(count.getKey()))
                .collect(Collectors.joining(", "));
        return text.replaceFirst(" of ", " packets of ");
    }

    private static String remedy(OtherTraffic kind) {
        return kind.remedy().map(remedy -> " (" + remedy + ")").orElse("");
    }
}
