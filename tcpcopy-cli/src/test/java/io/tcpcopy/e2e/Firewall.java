package io.tcpcopy.e2e;

import io.tcpcopy.lab.LabHosts.Host;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules of a host about packets that arrive there, by nftables. They count what they match. */
final class Firewall {

    private static final Pattern COUNTER = Pattern.compile("counter packets (\\d+)");

    // What is dropped is counted before.
    private static final String BEFORE_ALL_OTHERS = "raw";
    private static final String AS_USUAL = "filter";

    private final Lab lab;
    private final Host host;
    private final String table = "test-" + System.nanoTime();

    private Firewall(Lab lab, Host host, String priority, String action, List<String> matches) {
        this.lab = lab;
        this.host = host;
        String rules =
                matches.stream().map(match -> match + " counter " + action).collect(Collectors.joining("\n"));
        lab.run(host, "nft", """
                table ip %s {
                    chain arrivals {
                        type filter hook prerouting priority %s
                        %s
                    }
                }""".formatted(table, priority, rules));
    }

    /** Counts packets that match any of these and does nothing else. */
    static Firewall counting(Lab lab, Host host, String... matches) {
        return new Firewall(lab, host, BEFORE_ALL_OTHERS, "", List.of(matches));
    }

    /** Drops packets without a word. */
    static Firewall dropping(Lab lab, Host host, String match) {
        return new Firewall(lab, host, AS_USUAL, "drop", List.of(match));
    }

    /** Answers each packet with a TCP reset. */
    static Firewall resetting(Lab lab, Host host, String match) {
        return new Firewall(lab, host, AS_USUAL, "reject with tcp reset", List.of(match));
    }

    /** How many packets the rules have matched. */
    long packets() {
        Stream<String> counts = COUNTER.matcher(lab.run(host, "nft", "list table ip " + table))
                .results()
                .map(match -> match.group(1));
        return counts.mapToLong(Long::parseLong).sum();
    }

    /** Takes the rules away. */
    void remove() {
        lab.run(host, "nft", "delete table ip " + table);
    }
}
