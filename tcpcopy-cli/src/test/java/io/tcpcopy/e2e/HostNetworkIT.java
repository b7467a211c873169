package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Tally;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients hear nothing of their copies, whatever the online host's firewall and the routers behind it do to them. */
class HostNetworkIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** What a client may hear of a rule that is added while it is copied. */
    private static final int MOST_PACKETS_OF_A_LATER_RULE = 5;

    @RegisterExtension
    private final Lab lab = new Lab("--large");

    /** A rule of the online host, and what tcpcopy says of it. */
    private enum Rule {
        MASQUERADE("nat", "POSTROUTING -o back -j MASQUERADE", "(NAT, from which a NOTRACK rule spares copies)"),
        REJECT("filter", "OUTPUT -d TARGET -p tcp --dport 8080 -j REJECT", "Operation not permitted (EPERM"),
        RESET(
                "filter",
                "OUTPUT -d TARGET -p tcp --dport 8080 -j REJECT --reject-with tcp-reset",
                "Operation not permitted (EPERM"),
        INVALID("filter", "OUTPUT -m conntrack --ctstate INVALID -j DROP", "Operation not permitted (EPERM");

        private final String table;
        private final String rule;
        private final String finding;

        Rule(String table, String rule, String finding) {
            this.table = table;
            this.rule = rule;
            this.finding = finding;
        }

        private void change(Lab lab, String how) {
            String command = "iptables -t " + table + " " + how + " " + rule.replace("TARGET", lab.address("TARGET"));
            lab.run(Host.ONLINE, command.split(" "));
        }

        void add(Lab lab) {
            change(lab, "-A");
        }

        void remove(Lab lab) {
            change(lab, "-D");
        }
    }

    private CopiedService copiedServiceOfAForwardingHost() {
        CopiedService service = new CopiedService(lab);
        lab.run(Host.ONLINE, "sysctl", "-qw", "net.ipv4.ip_forward=1");
        service.startIntercept();
        return service;
    }

    @Test
    void framesPassTheRulesOfThisHostAndClientsHearNothing() {
        CopiedService service = copiedServiceOfAForwardingHost();
        for (Rule rule : Rule.values()) {
            rule.add(lab);
        }
        HostProcess tcpcopy = service.startTcpcopy();

        service.assertCopies("rules");

        service.stopCompleteCopying();
        assertThat(tcpcopy.output()).contains("gets frames on back to ");
    }

    @Test
    void clientsHearNothingOfARuleThatIsThereAtTheStart() {
        hearNothingOfRulesAtTheStart("pcap", Rule.MASQUERADE, Rule.REJECT);
    }

    @Tag("long")
    @Test
    void clientsHearNothingOfARuleThatIsThereAtTheStartWithCaptureRaw() {
        hearNothingOfRulesAtTheStart("raw", Rule.values());
    }

    private void hearNothingOfRulesAtTheStart(String capture, Rule... rules) {
        CopiedService service = copiedServiceOfAForwardingHost();
        for (Rule rule : rules) {
            rule.add(lab);
            HostProcess tcpcopy = service.startTcpcopy("--capture", capture, "--inject", "raw");

            service.traffic(rule + "", "--short", "30", "--rate", "100").complete();

            tcpcopy.waitForOutput(rule.finding, PATIENCE);
            tcpcopy.terminate();
            rule.remove(lab);
            service.assertClientsUndisturbed();
            assertThat(tcpcopy.output()).containsPattern("target closed:[1-9]");
        }
        service.startTcpcopy("--capture", capture, "--inject", "raw");
        service.assertCopies("afterwards");
        service.stopCompleteCopying();
    }

    @Tag("long")
    @Test
    void clientsHearNextToNothingOfARuleThatComesLaterAndCopyingGoesOnWhenItIsGone() {
        hearNextToNothingOfALaterRule("raw");
    }

    @Tag("long")
    @Test
    void clientsHearNextToNothingOfARuleThatComesLaterWithCapturePcap() {
        hearNextToNothingOfALaterRule("pcap");
    }

    private void hearNextToNothingOfALaterRule(String capture) {
        CopiedService service = copiedServiceOfAForwardingHost();
        Firewall heard = Firewall.countingDisturbances(lab);
        HostProcess tcpcopy = service.startTcpcopy("--capture", capture, "--inject", "raw");
        service.assertCopies("before");

        Traffic traffic = service.traffic("meanwhile", "--short", "200", "--rate", "100");
        Waiting.until(
                "some requests are copied",
                PATIENCE,
                () -> traffic.arrivedAt(Host.TARGET).size() > 20);
        Rule.MASQUERADE.add(lab);
        tcpcopy.waitForOutput(Rule.MASQUERADE.finding, PATIENCE);
        traffic.complete();
        Rule.MASQUERADE.remove(lab);

        assertThat(heard.packets()).isLessThanOrEqualTo(MOST_PACKETS_OF_A_LATER_RULE);
        tcpcopy.waitForOutput("gets packets again", PATIENCE);
        service.assertCopies("after");
    }

    /** The host forwards a port to where the service is, as to a container, and has a NAT for what comes from there. */
    @Test
    void serviceBehindAPublishedPortIsCopiedOnce() {
        int port = CopiedService.PORT;
        String container = lab.address("TARGET2");
        Firewall heard = Firewall.countingDisturbances(lab);
        WebServer service = WebServer.start(lab, Host.TARGET2, container, port).awaitListening();
        WebServer target =
                WebServer.start(lab, Host.TARGET, lab.address("TARGET"), port).awaitListening();
        lab.run(Host.TARGET2, "ip", "route", "replace", lab.address("CLIENT_NET"), "via", lab.address("ONLINE_BACK"));
        for (String rule : new String[] {
            "PREROUTING -p tcp -d " + lab.address("ONLINE") + " --dport " + port + " -j DNAT --to " + container,
            "POSTROUTING -s " + container + " -j MASQUERADE"
        }) {
            lab.run(Host.ONLINE, ("iptables -t nat -A " + rule).split(" "));
        }
        lab.run(Host.ONLINE, "sysctl", "-qw", "net.ipv4.ip_forward=1");
        Copying copying = new Copying(lab, port);
        copying.startCopying();

        WebClients clients = WebClients.start(
                lab,
                Host.CLIENT,
                "published",
                lab.address("ONLINE") + ":" + port,
                lab.address("CLIENT_PREFIX") + ".1-30",
                "--short",
                "100",
                "--rate",
                "50",
                "--keep-alive",
                "5",
                "--requests",
                "20");
        clients.complete();

        Waiting.holdsWithin(
                PATIENCE, () -> target.requests().size() >= clients.sent().size());
        assertThat(Tally.of(clients.sent(), service.requests())).matches(Tally::isExact);
        assertThat(Tally.of(clients.sent(), target.requests())).matches(Tally::isExact);
        copying.stopCompleteCopying();
        heard.assertNoDisturbance();
    }

    @Test
    void requestsOfTheHostsThatTakePartAreLeftOutAndThoseOfClientsCopied() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy();
        String url = "http://" + lab.address("ONLINE") + ":" + CopiedService.PORT + "/r/own/s0/0";
        lab.run(Host.TARGET, "ip", "route", "add", lab.address("ONLINE"), "via", lab.address("ONLINE_BACK"));

        for (Host host : new Host[] {Host.ONLINE, Host.TARGET}) {
            assertThat(lab.run(host, "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", url))
                    .isEqualTo("200");
        }

        service.assertCopies("clients");
        service.stopCopying();
        assertThat(tcpcopy.output()).containsPattern("own address:[1-9]");
        assertThat(service.arrivedAtTarget())
                .noneMatch(request -> request.path().startsWith("/r/own/"));
    }

    @Test
    void routerTellsClientsNothingOfCopies() {
        copyThroughARouter("pcap");
    }

    @Tag("long")
    @Test
    void routerTellsClientsNothingOfCopiesWithCaptureRaw() {
        copyThroughARouter("raw");
    }

    private void copyThroughARouter(String capture) {
        CopiedService service = new CopiedService(lab);
        // An online host that has a link to the clients is the router: what it tells them would be seen.
        lab.run(Host.ONLINE2, "sysctl", "-qw", "net.ipv4.ip_forward=1");
        for (String device : new String[] {"all", "back"}) {
            lab.run(Host.ONLINE2, "sysctl", "-qw", "net.ipv4.conf." + device + ".send_redirects=0");
        }
        lab.run(Host.ONLINE2, "ip", "route", "add", lab.address("TARGET"), "dev", "back", "mtu", "600");
        String router = lab.run(Host.ONLINE2, "ip", "-brief", "-4", "address", "show", "back")
                .replaceAll("(?s).* ([0-9.]+)/.*", "$1");
        lab.run(Host.ONLINE, "ip", "route", "add", lab.address("TARGET"), "via", router);
        service.startIntercept();
        service.startTcpcopy("--capture", capture);

        for (int ttl = 1; ttl <= 2; ttl++) {
            lab.run(Host.CLIENT, "sysctl", "-qw", "net.ipv4.ip_default_ttl=" + ttl);
            service.traffic("hops-" + ttl, "--body", "10000", "--short", "30", "--rate", "50")
                    .complete()
                    .assertCopiedExactly(PATIENCE);
        }
        service.stopCompleteCopying();
    }
}
