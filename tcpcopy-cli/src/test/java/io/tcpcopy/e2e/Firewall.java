package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.LabHosts.Host;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules of a host about packets that arrive there, by nftables. They count what they match. */
final class Firewall {

    private static final Pattern COUNTER = Pattern.compile("(?m)^\\s*(.+) counter packets (\\d+)");

    // What is dropped is counted before.
    private static final String BEFORE_ALL_OTHERS = "raw";
    private static final String AS_USUAL = "filter";

    private final Lab lab;
    private final Host host;
    private final String table = "test-" + System.nanoTime();

    private Firewall(Lab lab, Host host, String priority, String action, String... matches) {
        this.lab = lab;
        this.host = host;
        String rules =
                Stream.of(matches).map(match -> match + " counter " + action).collect(Collectors.joining("\n"));
        lab.run(host, "nft", """
                table ip %s {
                    set finished {
                        type ipv4_addr . inet_service
                        flags dynamic
                    }
                    chain arrivals {
                        type filter hook prerouting priority %s
                        tcp flags & fin == fin add @finished { ip daddr . tcp dport }
                        %s
                    }
                }""".formatted(table, priority, rules));
    }

    /** Counts packets that match any of these and does nothing else. */
    static Firewall counting(Lab lab, Host host, String... matches) {
        return new Firewall(lab, host, BEFORE_ALL_OTHERS, "", matches);
    }

    /** Counts packets of other hosts, and ICMP, that clients see. */
    static Firewall countingStrangers(Lab lab) {
        return counting(lab, Host.CLIENT, strangers(lab));
    }

    private static String[] strangers(Lab lab) {
        return new String[] {
            "iifname \"front*\" ip saddr " + lab.address("BACK_NET"), "iifname \"front*\" ip protocol icmp"
        };
    }

    /**
     * Counts what clients see that their exchange with the online hosts does not bring: packets of other hosts, ICMP, and
     * resets. A reset behind a FIN ends nothing: a client whose last acknowledgement was late gets one for acknowledging
     * the FIN that was sent again.
     */
    static Firewall countingDisturbances(Lab lab) {
        return counting(
                lab,
                Host.CLIENT,
                Stream.concat(
                                Stream.of(strangers(lab)),
                                Stream.of(
                                        "iifname \"front*\" tcp flags & rst == rst ip daddr . tcp dport != @finished"))
                        .toArray(String[]::new));
    }

    /** After {@link #countingDisturbances} or {@link #countingStrangers}: asserts that clients saw nothing of the kind. */
    void assertNoDisturbance() {
        assertThat(matched())
                .as("packets of other hosts, ICMP, and resets that clients saw")
                .isEmpty();
    }

    /** Drops packets without a word. */
    static Firewall dropping(Lab lab, Host host, String match) {
        return new Firewall(lab, host, AS_USUAL, "drop", match);
    }

    /** Answers each packet with a TCP reset. */
    static Firewall resetting(Lab lab, Host host, String match) {
        return new Firewall(lab, host, AS_USUAL, "reject with tcp reset", match);
    }

    /** How many packets the rules have matched. */
    long packets() {
        return matched().values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many packets each rule has matched that has matched any. */
    Map<String, Long> matched() {
        return COUNTER.matcher(lab.run(host, "nft", "list table ip " + table))
                .results()
                .filter(rule -> !rule.group(2).equals("0"))
                .collect(Collectors.toMap(rule -> rule.group(1), rule -> Long.parseLong(rule.group(2))));
    }

    /** Takes the rules away. */
    void remove() {
        lab.run(host, "nft", "delete table ip " + table);
    }
}
