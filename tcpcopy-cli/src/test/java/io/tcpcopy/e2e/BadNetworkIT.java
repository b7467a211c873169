package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.LabHosts.Link;
import io.tcpcopy.lab.PacketWatch;
import io.tcpcopy.lab.Tally;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The lab's network is as bad as it is told to be, and no worse. */
class BadNetworkIT {

    private static final int PORT = 8080;
    private static final Duration DELAY = Duration.ofMillis(25);

    private static final Pattern LINE_OF_TCP = Pattern.compile("(?m)^Tcp: (.*)$");

    @RegisterExtension
    private final Lab lab = new Lab();

    private WebServer server;

    /** Has clients make requests, which must arrive, and returns how long that took. */
    private Duration exchange(String run, String... load) {
        if (server == null) {
            server = WebServer.start(lab, Host.ONLINE, lab.address("ONLINE"), PORT)
                    .awaitListening();
        }
        long startNs = System.nanoTime();
        WebClients clients = WebClients.start(
                lab,
                Host.CLIENT,
                run,
                lab.address("ONLINE") + ":" + PORT,
                lab.address("CLIENT_PREFIX") + ".1-30",
                load);
        clients.complete();
        Duration took = Duration.ofNanos(System.nanoTime() - startNs);
        assertThat(Tally.of(clients.sent(), clients.theirs(server.requests()))).matches(Tally::isExact);
        return took;
    }

    private Duration exchange(String run) {
        return exchange(run, "--keep-alive", "10", "--requests", "10", "--body", "50000", "--response", "50000");
    }

    /** A number of the online host's TCP, as {@code /proc/net/snmp} has it in a column. */
    private long online(String name) {
        String[][] lines = LINE_OF_TCP
                .matcher(lab.run(Host.ONLINE, "cat", "/proc/net/snmp"))
                .results()
                .map(line -> line.group(1).split(" "))
                .toArray(String[][]::new);
        return Long.parseLong(lines[1][Stream.of(lines[0]).toList().indexOf(name)]);
    }

    private long befallen(String fault) {
        MatchResult line = Pattern.compile("front: " + fault + ", packets (\\d+) so far")
                .matcher(lab.status())
                .results()
                .findFirst()
                .orElseThrow(() -> new AssertionError(lab.status()));
        return Long.parseLong(line.group(1));
    }

    @Test
    void aDelayedLinkCarriesMergedPacketsAsTheyAre() {
        lab.delay(Link.FRONT, DELAY);
        PacketWatch watch = PacketWatch.start(lab, Host.ONLINE, "front");
        // The handshake takes a round trip as well.
        assertThat(exchange("delayed")).isGreaterThan(DELAY.multipliedBy(2 * (1 + 10)));
        watch.stop(lab.address("CLIENT_PREFIX") + ".254");

        assertThat(watch.count("dst port " + PORT + " and greater 2000")).isPositive();
        assertThat(befallen("25 ms delay")).isPositive();
        assertThat(lab.status()).doesNotContain("lost by the lab");
        assertThat(online("InErrs")).isZero();

        lab.delay(Link.FRONT, Duration.ZERO);
        exchange("after");
        assertThat(lab.status()).doesNotContain("front:");
    }

    @Tag("long")
    @Test
    void allFaultsOfALinkActAtOnce() {
        lab.delay(Link.FRONT, DELAY);
        lab.lose(Link.FRONT, 1);
        lab.reorder(Link.FRONT, 2);
        lab.repeat(Link.FRONT, 2);
        lab.corrupt(Link.FRONT, 2);
        exchange("bad");

        Stream.of("25 ms delay", "1 % lost", "2 % late", "2 % doubled", "2 % corrupt")
                .forEach(fault -> assertThat(befallen(fault)).as(fault).isPositive());
        assertThat(lab.status()).doesNotContain("lost by the lab");
        assertThat(online("InCsumErrors")).isPositive().isLessThanOrEqualTo(befallen("2 % corrupt"));
    }
}
