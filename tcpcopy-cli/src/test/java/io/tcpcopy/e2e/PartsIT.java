package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Programs;
import io.tcpcopy.lab.RequestRecord;
import io.tcpcopy.lab.Tally;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three tcpcopys of one host share its stream (--part). */
class PartsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PORT = 8080;
    private static final int PARTS = 3;

    @RegisterExtension
    private final Lab lab = new Lab();

    private WebServer target;

    private List<HostProcess> start(String options) {
        WebServer online = WebServer.start(lab, Host.ONLINE, lab.address("ONLINE"), PORT);
        target = WebServer.start(lab, Host.TARGET, lab.address("TARGET"), PORT);
        Stream.of(online, target).forEach(WebServer::awaitListening);
        start("intercept", Host.ASSISTANT, Programs.OURS.intercept(), List.of("-F", "tcp and src port " + PORT))
                .waitForOutput("intercept started", PATIENCE);
        List<HostProcess> tcpcopys = IntStream.rangeClosed(1, PARTS)
                .mapToObj(number -> startPart(number, options))
                .toList();
        tcpcopys.forEach(tcpcopy -> tcpcopy.waitForOutput("tcpcopy started", PATIENCE));
        return tcpcopys;
    }

    private HostProcess startPart(int number, String options) {
        String transfer = PORT + "-" + lab.address("TARGET") + ":" + PORT;
        List<String> all = new ArrayList<>(
                List.of("-x", transfer, "-s", lab.address("ASSISTANT"), "--part", number + "/" + PARTS));
        if (!options.isEmpty()) {
            all.addAll(List.of(options.split(" ")));
        }
        return start("tcpcopy", Host.ONLINE, Programs.OURS.tcpcopy(), all);
    }

    private HostProcess start(String name, Host host, List<String> program, List<String> options) {
        return lab.start(
                name, host, Stream.concat(program.stream(), options.stream()).toArray(String[]::new));
    }

    private WebClients clients(String addresses) {
        return WebClients.start(
                lab,
                Host.CLIENT,
                "parts",
                lab.address("ONLINE") + ":" + PORT,
                lab.address("CLIENT_PREFIX") + "." + addresses,
                "--short",
                "400",
                "--rate",
                "100",
                "--keep-alive",
                "6",
                "--requests",
                "30",
                "--pause",
                "50");
    }

    private void assertHas(int times, List<RequestRecord> sent) {
        Waiting.holdsWithin(PATIENCE, () -> target.requests().size() >= times * sent.size());
        assertThat(Tally.ofCopies(times, sent, target.requests()))
                .matches(Tally::isExact, "has every request as often as it should");
    }

    private static void assertShared(List<HostProcess> tcpcopys) {
        tcpcopys.forEach(FinalLedger::awaitDelivery);
        tcpcopys.forEach(HostProcess::endInPeace);
        assertThat(tcpcopys).map(tcpcopy -> FinalLedger.parse(tcpcopy.output())).allSatisfy(ledger -> {
            ledger.assertNothingMissing();
            assertThat(ledger.requests().delivered()).isGreaterThan(20);
        });
    }

    private void assertShareEachRequest(String options) {
        List<HostProcess> tcpcopys = start(options);

        WebClients clients = clients("1-20");
        clients.complete();

        assertHas(1, clients.sent());
        assertShared(tcpcopys);
        // Many clients of one address use the same ports.
        boolean portsMeet = options.contains("-c");
        assertThat(tcpcopys).noneMatch(tcpcopy -> !portsMeet && tcpcopy.output().contains("port changed"));
    }

    /** With -c all share the ports of few addresses. */
    @ParameterizedTest
    @ValueSource(strings = {"", "-c 10.1.77.1,10.1.77.2 -f 3"})
    void eachRequestIsCopiedByOneOfThem(String options) {
        assertShareEachRequest(options);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"--capture pcap", "--capture raw", "-F tcp", "-c 10.1.77.1"})
    void eachRequestIsCopiedByOneOfThemWhateverTheFilter(String options) {
        assertShareEachRequest(options);
    }

    @Tag("long")
    @Test
    void ofAPercentageEachHasItsShare() {
        List<HostProcess> tcpcopys = start("-r 50");

        WebClients clients = clients("1-20");
        clients.complete();

        assertShared(tcpcopys);
        Tally tally = Tally.of(clients.sent(), target.requests());
        assertThat(tally.doubled()).isEmpty();
        assertThat(tally.arrived()).isBetween(tally.sent() / 4, tally.sent() * 3 / 4);
    }

    /** All clients behind one address, whose copies have other ports. */
    @Test
    void copiesOfOneAddressDoNotMeet() {
        List<HostProcess> tcpcopys = start("-n 2");

        WebClients clients = clients("1-1");
        clients.complete();

        assertHas(2, clients.sent());
        assertShared(tcpcopys);
    }
}
