package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.NginxServer;
import io.tcpcopy.lab.PacketWatch;
import io.tcpcopy.lab.RedisServers;
import io.tcpcopy.lab.RequestRecord;
import io.tcpcopy.lab.Tally;
import io.tcpcopy.lab.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was captured while real clients used a real server is replayed, as often and as fast as asked. */
class OfflineIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST_REPLAY = Duration.ofMinutes(1);
    private static final String NOBODY = ".254";

    @RegisterExtension
    private final Lab lab = new Lab();

    private Firewall strange;

    @BeforeEach
    void watchTheClients() {
        strange = Firewall.countingDisturbances(lab);
    }

    @AfterEach
    void theClientsHaveSeenNothing() {
        strange.assertNoDisturbance();
    }

    private HostProcess replay(Copying copying, Path capture, String... options) {
        HostProcess tcpcopy = copying.replay(capture, options);
        assertThat(tcpcopy.waitFor(LONGEST_REPLAY)).as(tcpcopy.output()).isZero();
        assertThat(tcpcopy.output()).contains("[notice] nothing was lost");
        FinalLedger.parse(tcpcopy.output()).assertBalances();
        return tcpcopy;
    }

    private WebClients clients(String run, String... options) {
        return WebClients.start(
                lab,
                Host.CLIENT,
                run,
                lab.address("ONLINE") + ":" + NginxServer.PORT,
                lab.address("CLIENT_PREFIX") + ".1-30",
                options);
    }

    private PacketWatch capture() {
        return PacketWatch.startWithPayload(lab, Host.ONLINE, "front");
    }

    private Path stop(PacketWatch capture) {
        capture.stop(lab.address("CLIENT_PREFIX") + NOBODY);
        return capture.file();
    }

    private static void assertHas(NginxServer server, int times, List<RequestRecord> sent) {
        Waiting.holdsWithin(PATIENCE, () -> server.requests().size() >= times * sent.size());
        assertThat(Tally.ofCopies(times, sent, server.requests())).matches(Tally::isExact);
    }

    @Test
    void everyRequestToNginxArrivesAsOftenAsAsked() throws Exception {
        NginxServer online = new NginxServer(lab, Host.ONLINE);
        NginxServer target = new NginxServer(lab, Host.TARGET);
        PacketWatch capture = capture();
        WebClients clients = clients(
                "nginx",
                "--keep-alive",
                "180",
                "--keep-alive-rate",
                "90",
                "--requests",
                "11",
                "--pause",
                "50",
                "--short",
                "20",
                "--rate",
                "20");
        clients.complete();
        List<RequestRecord> sent = clients.sent();
        assertThat(sent).hasSize(2000);
        assertHas(online, 1, sent);
        Path file = stop(capture);
        Copying copying = new Copying(lab, NginxServer.PORT);
        copying.startIntercept();

        replay(copying, file);
        assertHas(target, 1, sent);

        replay(copying, file, "-a", "10");
        assertHas(target, 2, sent);

        replay(copying, file, "-I", "100");
        assertHas(target, 3, sent);

        for (int part = 1; part <= 3; part++) {
            replay(copying, file, "-a", "100", "--part", part + "/3");
        }
        assertHas(target, 4, sent);

        Path summary = lab.file("summary.json");
        Path report = lab.file("report.html");
        HostProcess thrice = replay(
                copying,
                file,
                "-T",
                "3",
                "-a",
                "1000",
                "--summary",
                summary.toString(),
                "--summary",
                report.toString());
        assertHas(target, 7, sent);
        assertThat(thrice.output())
                .contains("requests captured:6000,delivered:6000,lost:0")
                .contains("pass 3 of 3");
        assertThat(Files.readString(summary))
                .contains("\"passesComplete\" : 3")
                .containsPattern("\"requests\" : \\{\\s+\"captured\" : 6000,\\s+\"delivered\" : 6000,\\s+\"lost\" : 0");
        assertThat(Files.readString(report))
                .contains("<h1>Everything was delivered</h1>", "every byte of 6,000 requests", "<dd>3 times</dd>")
                .contains("<h3>Requests</h3>", "<h3>Copy delay</h3>", "<h3>Response time of the target</h3>")
                .containsPattern("captured <b>[\\d,]+ on average</b>")
                .doesNotContain(lab.address("CLIENT_PREFIX"));
        copying.intercept().endInPeace();
    }

    @Tag("long")
    @Test
    void aCaptureThatBeginsInTheMiddleOfConnectionsIsReplayedFromItsFirstRequestsOn() {
        NginxServer online = new NginxServer(lab, Host.ONLINE);
        NginxServer target = new NginxServer(lab, Host.TARGET);
        WebClients clients = clients("running", "--keep-alive", "20", "--requests", "100", "--pause", "20");
        Waiting.until(
                "connections are running", PATIENCE, () -> online.requests().size() > 200);
        PacketWatch capture = capture();
        clients.complete();
        Path file = stop(capture);
        Copying copying = new Copying(lab, NginxServer.PORT);
        copying.startIntercept();

        replay(copying, file, "-a", "10");

        Waiting.holdsWithin(PATIENCE, () -> isReplayed(clients, target));
        Tally tally = Tally.fromFirstArrivalOn(clients.sent(), target.requests());
        assertThat(tally).matches(Tally::isExact);
        assertThat(tally.sent()).isBetween(1000, 1999);
        // Each pass begins connections in the middle that the pass before has ended.
        replay(copying, file, "-a", "10", "-T", "2");

        Waiting.holdsWithin(PATIENCE, () -> target.requests().size() >= 3 * tally.sent());
        assertThat(target.requests()).hasSize(3 * tally.sent());
        copying.intercept().endInPeace();
    }

    private static boolean isReplayed(WebClients clients, NginxServer target) {
        return Tally.fromFirstArrivalOn(clients.sent(), target.requests()).isExact();
    }

    @Test
    void theSameDataIsInBothRedisServers() {
        RedisServers servers = new RedisServers(lab);
        PacketWatch capture = capture();
        // Each adds to the length of a key.
        HostProcess benchmark = servers.benchmark(
                Stream.of("-c", "20", "-P", "16", "-n", "20000", "-r", "1000", "append", "key:__rand_int__", "x")
                        .toList());
        assertThat(benchmark.waitFor(LONGEST_REPLAY)).as(benchmark.output()).isZero();
        Path file = stop(capture);
        Copying copying = new Copying(lab, RedisServers.PORT);
        copying.startIntercept();

        replay(copying, file, "-a", "10");

        String online = servers.digest(Host.ONLINE);
        assertThat(online).matches("[0-9a-f]{40}").doesNotMatch("0+");
        assertThat(servers.digest(Host.TARGET)).isEqualTo(online);
        assertThat(servers.calls(Host.TARGET, "append")).isEqualTo(20_000);
        copying.intercept().endInPeace();
    }
}
