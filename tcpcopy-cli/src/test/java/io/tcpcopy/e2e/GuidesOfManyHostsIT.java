package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.RequestRecord;
import io.tcpcopy.lab.Tally;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guides about more hosts than three do what they say, word for word, and clients notice nothing. */
@Tag("long")
class GuidesOfManyHostsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PORT = 8080;

    @RegisterExtension
    private final Lab lab = new Lab("--large");

    private Firewall strange;

    @BeforeEach
    void takeAwayWhatGuidesSetUp() {
        strange = Firewall.countingDisturbances(lab);
        for (Host target : new Host[] {Host.TARGET, Host.TARGET2}) {
            lab.run(target, "ip", "route", "del", lab.address("CLIENT_NET"));
        }
    }

    @AfterEach
    void clientsHaveNoticedNothing() {
        strange.assertNoDisturbance();
    }

    private WebServer server(Host host) {
        return server(host, lab.address(host.name()), PORT);
    }

    private WebServer server(Host host, String address, int port) {
        return WebServer.start(lab, host, address, port).awaitListening();
    }

    private WebClients clients(String run, Host online, String addresses) {
        return WebClients.start(
                lab,
                Host.CLIENT,
                run,
                lab.address(online.name()) + ":" + PORT,
                lab.address("CLIENT_PREFIX") + "." + addresses,
                "--short",
                "100",
                "--rate",
                "50",
                "--keep-alive",
                "5",
                "--requests",
                "20");
    }

    private static void assertHasExactly(WebServer server, WebClients... clients) {
        Stream.of(clients).forEach(WebClients::complete);
        List<RequestRecord> sent =
                Stream.of(clients).flatMap(some -> some.sent().stream()).toList();
        Waiting.holdsWithin(PATIENCE, () -> server.requests().size() >= sent.size());
        assertThat(Tally.of(sent, server.requests())).matches(Tally::isExact, "has every request exactly once");
    }

    @Test
    void oneTargetGetsTheRequestsOfTwoOnlineHosts() {
        server(Host.ONLINE);
        server(Host.ONLINE2);
        WebServer target = server(Host.TARGET);
        Guide guide = new Guide(lab, "many-online-hosts").followTo("Look at all of them");

        assertHasExactly(target, clients("one", Host.ONLINE, "1-15"), clients("two", Host.ONLINE2, "1-15"));

        guide.followToEnd();
    }

    @Test
    void twoVersionsGetTheSameRequests() {
        server(Host.ONLINE);
        List<WebServer> targets = List.of(server(Host.TARGET), server(Host.TARGET2));
        Guide guide = new Guide(lab, "two-versions").followTo("Compare");
        WebClients clients = clients("versions", Host.ONLINE, "1-30");

        targets.forEach(target -> assertHasExactly(target, clients));

        guide.followToEnd();
    }

    @Test
    void whatAMirrorPortShowsIsCopied() {
        server(Host.ONLINE);
        WebServer target = server(Host.TARGET);
        setUpRoute();
        Copying copying = new Copying(lab, PORT);
        copying.startIntercept();
        addMirrorPort();
        WebClients meanwhile = clients("looked-at", Host.ONLINE, "1-30");
        Guide guide = new Guide(lab, "mirror-port").followTo("Copy");
        meanwhile.complete();

        guide.followTo("See whether all is there");
        assertHasExactly(target, clients("mirrored", Host.ONLINE, "1-30"));

        guide.followToEnd();
    }

    private void setUpRoute() {
        lab.run(Host.TARGET, "ip", "route", "replace", lab.address("CLIENT_NET"), "via", lab.address("ASSISTANT"));
    }

    /** A switch that has learned no address sends everything to every port, and so to the device {@code mirror} of the second online host. */
    private void addMirrorPort() {
        String network = lab.namespace(Host.ONLINE).replaceAll("online$", "switch");
        onHost(Host.ONLINE2, "ip link add mirror type veth peer name mirror-port netns " + network);
        onHost(Host.ONLINE2, "ip netns exec " + network + " ip link set mirror-port master front up");
        onHost(Host.ONLINE2, "ip netns exec " + network + " ip link set front type bridge ageing_time 0 fdb_flush");
    }

    @Test
    void servicesInContainersAreCopied() {
        WebServer online = publishContainer(Host.ONLINE, Host.ONLINE2, "172.17.0.2");
        WebServer target = publishContainer(Host.TARGET, Host.TARGET2, "172.17.0.3");
        Guide guide = new Guide(lab, "containers").followTo("Probe and look");
        WebClients clients = clients("published", Host.ONLINE, "1-30");

        assertHasExactly(target, clients);
        assertHasExactly(online, clients);

        guide.followToEnd();
    }

    /** Makes a host what docker makes of it for {@code docker run -p 8080:80}, with another host of the lab as the container. */
    private WebServer publishContainer(Host host, Host container, String address) {
        onHost(host, "ip link add docker0 type bridge");
        onHost(host, "ip address add 172.17.0.1/16 dev docker0");
        onHost(host, "ip link set docker0 up");
        onHost(host, "ip link add veth0 type veth peer name eth0 netns " + lab.namespace(container));
        onHost(host, "ip link set veth0 master docker0 up");
        onHost(host, "sysctl -qw net.ipv4.ip_forward=1");
        onHost(host, "iptables -t nat -A PREROUTING ! -i docker0 -p tcp --dport 8080 -j DNAT --to " + address + ":80");
        onHost(host, "iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE");
        // The container has no other way out.
        lab.run(container, "sh", "-c", "for device in front back; do ip link del $device 2>/dev/null; done; true");
        onHost(container, "ip address add " + address + "/16 dev eth0");
        onHost(container, "ip link set eth0 up");
        onHost(container, "ip route add default via 172.17.0.1");
        return server(container, address, 80);
    }

    private void onHost(Host host, String command) {
        lab.run(host, command.split(" "));
    }
}
