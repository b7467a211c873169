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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Three online hosts and two targets, to which an intercept each belongs. Every tcpcopy uses both intercepts; the one on
 * the first online host copies two services, one to each target.
 */
class MultiNodeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PORT = 8080;
    private static final int SECOND_PORT = 8081;
    /** The first intercept is named with its port, the other one's port is that of {@code -p}. */
    private static final int TUNNEL_PORT = 36524;

    private static final int OTHER_TUNNEL_PORT = 7000;

    @RegisterExtension
    private final Lab lab = new Lab("--large");

    private HostProcess startIntercept(Host assistant, int tunnelPort) {
        HostProcess intercept = start(
                "intercept",
                assistant,
                Programs.OURS.intercept(),
                List.of("-F", "tcp and src port " + PORT, "-p", "" + tunnelPort));
        intercept.waitForOutput("intercept started", PATIENCE);
        return intercept;
    }

    private HostProcess startTcpcopy(Host online, String transfers, String... moreOptions) {
        String intercepts = lab.address("ASSISTANT") + ":" + TUNNEL_PORT + "," + lab.address("ASSISTANT2");
        List<String> options =
                new ArrayList<>(List.of("-x", transfers, "-s", intercepts, "-p", "" + OTHER_TUNNEL_PORT));
        options.addAll(List.of(moreOptions));
        return start("tcpcopy", online, Programs.OURS.tcpcopy(), options);
    }

    private HostProcess start(String name, Host host, List<String> program, List<String> options) {
        return lab.start(
                name, host, Stream.concat(program.stream(), options.stream()).toArray(String[]::new));
    }

    private void awaitTunnelConnections(Host online, int each) {
        for (int port : List.of(TUNNEL_PORT, OTHER_TUNNEL_PORT)) {
            Waiting.until(
                    online + " has " + each + " connections to each intercept",
                    PATIENCE,
                    () -> lab.run(online, "ss", "-Htn", "state", "established", "dport = :" + port)
                                    .lines()
                                    .count()
                            == each);
        }
    }

    private WebClients clients(String run, String server, int port, String addresses) {
        return WebClients.start(
                lab,
                Host.CLIENT,
                run,
                lab.address(server) + ":" + port,
                lab.address("CLIENT_PREFIX") + "." + addresses,
                "--short",
                "200",
                "--rate",
                "50",
                "--keep-alive",
                "3",
                "--requests",
                "40",
                "--pause",
                "50");
    }

    private void assertHasExactly(WebServer target, WebClients... clients) {
        List<RequestRecord> sent =
                Stream.of(clients).flatMap(some -> some.sent().stream()).toList();
        Waiting.holdsWithin(PATIENCE, () -> target.requests().size() >= sent.size());
        assertThat(Tally.of(sent, target.requests())).matches(Tally::isExact, "has every request exactly once");
    }

    /** The filters take what goes to the service's port, and so what the other one sends. */
    @Test
    void twoTcpcopysOfOneHostDoNotTakeEachOthersCopies() {
        WebServer online = WebServer.start(lab, Host.ONLINE, lab.address("ONLINE"), PORT);
        WebServer target = WebServer.start(lab, Host.TARGET, lab.address("TARGET"), PORT);
        WebServer target2 = WebServer.start(lab, Host.TARGET2, lab.address("TARGET2"), PORT);
        Stream.of(online, target, target2).forEach(WebServer::awaitListening);
        startIntercept(Host.ASSISTANT, TUNNEL_PORT);
        startIntercept(Host.ASSISTANT2, OTHER_TUNNEL_PORT);
        String filter = "tcp and dst port " + PORT;
        startTcpcopy(Host.ONLINE, PORT + "-" + lab.address("TARGET") + ":" + PORT, "-F", filter);
        startTcpcopy(Host.ONLINE, PORT + "-" + lab.address("TARGET2") + ":" + PORT, "-F", filter);
        awaitTunnelConnections(Host.ONLINE, 4);

        WebClients clients = clients("one", "ONLINE", PORT, "1-7");
        clients.complete();

        assertHasExactly(target, clients);
        assertHasExactly(target2, clients);
    }

    @Test
    void eachRequestArrivesOnceAtItsTargetAndNowhereElse() {
        Firewall strange = Firewall.countingDisturbances(lab);
        WebServer target = WebServer.start(lab, Host.TARGET, lab.address("TARGET"), PORT);
        WebServer target2 = WebServer.start(lab, Host.TARGET2, lab.address("TARGET2"), PORT);
        List<WebServer> others = List.of(
                WebServer.start(lab, Host.ONLINE, lab.address("ONLINE"), PORT),
                WebServer.start(lab, Host.ONLINE, lab.address("ONLINE"), SECOND_PORT),
                WebServer.start(lab, Host.ONLINE2, lab.address("ONLINE2"), PORT),
                WebServer.start(lab, Host.ONLINE3, lab.address("ONLINE3"), PORT));
        Stream.concat(Stream.of(target, target2), others.stream()).forEach(WebServer::awaitListening);
        List<HostProcess> intercepts = List.of(
                startIntercept(Host.ASSISTANT, TUNNEL_PORT), startIntercept(Host.ASSISTANT2, OTHER_TUNNEL_PORT));
        String toTarget = "-" + lab.address("TARGET") + ":" + PORT;
        String toTarget2 = "-" + lab.address("TARGET2") + ":" + PORT;
        List<HostProcess> tcpcopys = List.of(
                startTcpcopy(Host.ONLINE, PORT + toTarget + "," + SECOND_PORT + toTarget2, "-f", "1"),
                startTcpcopy(Host.ONLINE2, PORT + toTarget, "-f", "2", "-C", "3"),
                startTcpcopy(Host.ONLINE3, PORT + toTarget2, "-f", "3", "-C", "1"));
        awaitTunnelConnections(Host.ONLINE, 2);
        awaitTunnelConnections(Host.ONLINE2, 3);
        awaitTunnelConnections(Host.ONLINE3, 1);

        WebClients one = clients("one", "ONLINE", PORT, "1-7");
        WebClients second = clients("second", "ONLINE", SECOND_PORT, "8-14");
        WebClients two = clients("two", "ONLINE2", PORT, "15-21");
        WebClients three = clients("three", "ONLINE3", PORT, "22-28");
        Stream.of(one, second, two, three).forEach(WebClients::complete);

        assertHasExactly(target, one, two);
        assertHasExactly(target2, second, three);
        tcpcopys.forEach(FinalLedger::awaitDelivery);
        tcpcopys.forEach(HostProcess::endInPeace);
        intercepts.forEach(HostProcess::endInPeace);
        assertThat(tcpcopys)
                .map(tcpcopy -> FinalLedger.parse(tcpcopy.output()))
                .allSatisfy(FinalLedger::assertNothingMissing);
        strange.assertNoDisturbance();
    }
}
