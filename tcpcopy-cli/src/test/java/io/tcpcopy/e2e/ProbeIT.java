package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Programs;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code --probe} names the leg that fails, and leaves nothing at the target. */
class ProbeIT {

    private static final Duration TIME_TO_PROBE = Duration.ofSeconds(20);
    private static final Duration TIME_TO_ARRIVE = Duration.ofSeconds(2);
    private static final String SERVICE = "tcp dport " + CopiedService.PORT;

    /** Addresses of the clients' network that no client has. */
    private static final List<String> CLIENTS = List.of("10.1.9.9", "10.1.9.10");

    private static final String ALL_CLIENTS = String.join(",", CLIENTS);

    @RegisterExtension
    private final Lab lab = new Lab();

    private CopiedService service;
    private Firewall segments;

    @BeforeEach
    void countWhatArrives() {
        service = new CopiedService(lab);
        segments = Firewall.counting(
                lab,
                Host.TARGET,
                CLIENTS.stream()
                        .flatMap(client -> Stream.of(segment(client, "syn"), segment(client, "rst")))
                        .toArray(String[]::new));
    }

    /** Segments that have this flag and no other. */
    private static String segment(String client, String flag) {
        return SERVICE + " ip saddr " + client + " tcp flags == " + flag;
    }

    private HostProcess probe(String clients, String... options) {
        List<String> command = new ArrayList<>(Programs.OURS.tcpcopy());
        command.addAll(List.of(
                "-x",
                CopiedService.PORT + "-" + lab.address("TARGET") + ":" + CopiedService.PORT,
                "-s",
                lab.address("ASSISTANT"),
                "--probe",
                clients));
        command.addAll(List.of(options));
        return lab.start("tcpcopy", Host.ONLINE, command.toArray(String[]::new));
    }

    private String probed(int status, String clients, String... options) {
        HostProcess probe = probe(clients, options);
        assertThat(probe.waitFor(TIME_TO_PROBE)).as(probe.output()).isEqualTo(status);
        return probe.output();
    }

    private String probedClients(int status) {
        return probed(status, ALL_CLIENTS);
    }

    private void assertOneSynAndOneRstArrivedOfEach() {
        Waiting.holdsWithin(TIME_TO_ARRIVE, () -> segments.packets() >= 2 * CLIENTS.size());
        Map<Long, Long> rulesByCount =
                segments.matched().values().stream().collect(Collectors.groupingBy(n -> n, Collectors.counting()));
        assertThat(rulesByCount).containsExactlyEntriesOf(Map.of(1L, 2L * CLIENTS.size()));
    }

    private void assertNoHalfOpenConnection() {
        assertThat(Waiting.holdsWithin(
                        TIME_TO_ARRIVE,
                        () -> lab.run(Host.TARGET, "ss", "-Htan", "state", "syn-recv")
                                .isBlank()))
                .isTrue();
    }

    @Test
    void allLegsAnswer() {
        service.startIntercept();

        String output = probedClients(0);

        assertThat(output)
                .startsWith(
                        "one SYN and one RST from 10.1.9.9, 10.1.9.10 to 10.2.0.2:8080: where the way back is broken")
                .containsPattern(
                        "ok +TC401  10\\.1\\.9\\.9:6\\d{4} > 10\\.2\\.0\\.2:8080: answered after \\d+\\.\\d ms")
                .containsPattern("ok +TC401  10\\.1\\.9\\.10:6\\d{4} > ")
                .contains("3 ok, 0 warnings, 0 errors, 0 not checked");
        assertOneSynAndOneRstArrivedOfEach();
        assertNoHalfOpenConnection();
    }

    @Test
    void theWayBackMayBeBrokenAtTheTarget() {
        lab.run(Host.TARGET, "ip", "route", "del", lab.address("CLIENT_NET"));
        service.startIntercept();

        String output = probedClients(1);

        assertThat(output)
                .containsPattern("error +TC401  10\\.1\\.9\\.9:6\\d{4} > 10\\.2\\.0\\.2:8080: no answer within 1 s")
                .contains("scripts/doctor-target");
        assertOneSynAndOneRstArrivedOfEach();
        assertNoHalfOpenConnection();
    }

    /** The target's SYN-ACK ends at the assistant, whose intercept does not take it. */
    @Tag("long")
    @Test
    void anAnswerThatInterceptDoesNotTakeLeavesNoHalfOpenConnection() {
        service.startIntercept("-F", "tcp and src port 9");

        HostProcess probe = probe(ALL_CLIENTS);
        Waiting.until(
                "the target has a half-open connection",
                TIME_TO_PROBE,
                () -> !lab.run(Host.TARGET, "ss", "-Htan", "state", "syn-recv").isBlank());
        assertThat(probe.waitFor(TIME_TO_PROBE)).as(probe.output()).isOne();

        assertThat(probe.output()).contains("TC401");
        assertOneSynAndOneRstArrivedOfEach();
        assertNoHalfOpenConnection();
    }

    @Tag("long")
    @Test
    void aTargetThatDoesNotListenIsNamed() {
        service.startIntercept();
        service.killTargetServer();

        assertThat(probedClients(1))
                .containsPattern("error +TC303  10\\.1\\.9\\.9:6\\d{4} > 10\\.2\\.0\\.2:8080: refused \\(RST\\) after");
    }

    @Tag("long")
    @Test
    void aFirewallOfTheTargetLooksLikeSilence() {
        service.startIntercept();
        Firewall.dropping(lab, Host.TARGET, SERVICE);

        assertThat(probedClients(1)).contains("TC401", "A SYN alone: firewall");
        assertOneSynAndOneRstArrivedOfEach();
    }

    @Tag("long")
    @Test
    void foreignSourcesThatSomethingOnTheWayDropsAreNamedWhereAnOwnAddressWorks() {
        service.startIntercept();
        onSwitch("add table bridge spoofed");
        onSwitch("add chain bridge spoofed way { type filter hook forward priority 0; }");
        onSwitch("add rule bridge spoofed way ip saddr " + lab.address("CLIENT_NET") + " drop");

        String output = probed(1, CLIENTS.get(0) + "," + lab.address("ONLINE_BACK"));

        assertThat(output)
                .containsPattern("ok +TC303  10\\.2\\.0\\.1 > 10\\.2\\.0\\.2:8080: accepts an ordinary connection")
                .containsPattern(
                        "warning +TC310  10\\.2\\.0\\.2:8080 accepts 10\\.2\\.0\\.1, an address of this host, and"
                                + " answers no client's: something on the way drops foreign sources")
                .containsPattern("error +TC401");
        assertThat(segments.packets()).isZero();
    }

    private void onSwitch(String nft) {
        String name = lab.namespace(Host.ONLINE).replaceAll("online$", "switch");
        lab.run(Host.ONLINE, "ip", "netns", "exec", name, "nft", nft);
    }

    @Tag("long")
    @Test
    void withoutInterceptNothingIsSent() {
        assertThat(probedClients(1))
                .containsPattern("error +TC501  intercept 10\\.2\\.0\\.3:36524: Connection refused")
                .containsPattern("not checked +TC401  10\\.1\\.9\\.9:6\\d{4} > 10\\.2\\.0\\.2:8080: not tried");
        assertThat(segments.packets()).isZero();
    }

    /** Frames pass it. */
    @Tag("long")
    @Test
    void aFirewallOfThisHostIsNamed() {
        service.startIntercept();
        lab.run(Host.ONLINE, "iptables", "-A", "OUTPUT", "-s", lab.address("CLIENT_NET"), "-o", "back", "-j", "DROP");

        assertThat(probed(1, CLIENTS.get(0), "--inject", "raw"))
                .containsPattern(
                        "error +TC201  10\\.1\\.9\\.9:6\\d{4} > 10\\.2\\.0\\.2:8080: not sent: Operation not permitted");
    }
}
