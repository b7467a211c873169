package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.DatagramLoad;
import io.tcpcopy.lab.DatagramServer;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.PacketWatch;
import io.tcpcopy.lab.RequestRecord;
import io.tcpcopy.lab.Tally;
import io.tcpcopy.lab.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A UDP service is copied (--udp). Its clients must not notice. */
class UdpIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PORT = 5353;
    private static final int CLIENTS = 5;

    /** Up to the longest that fits an Ethernet frame. */
    private static final List<Integer> SMALL = List.of(40, 512, 1472);
    /** From the shortest that does not fit; an odd one, and one whose last fragment is a full one. */
    private static final List<Integer> LARGE = List.of(1473, 4001, 8192, 1480 * 5 - 8);

    private static final int ROUNDS = 10;

    /** The target routes it to the assistant like all clients', and nobody has an address of it. */
    private static final String OTHER_CLIENTS = "10.1.9.";

    @RegisterExtension
    private final Lab lab = new Lab();

    private final List<HostProcess> servers = new ArrayList<>();
    private Firewall strange;
    private Firewall atAssistant;
    private Path onlineLog;
    private Path targetLog;
    private HostProcess tcpcopy;

    @BeforeEach
    void startOnlineServer() {
        strange = Firewall.countingDisturbances(lab);
        onlineLog = startServer(Host.ONLINE, lab.address("ONLINE"));
    }

    @AfterEach
    void clientsHaveSeenNothing() {
        strange.assertNoDisturbance();
    }

    private Path startServer(Host host, String address) {
        Path log = lab.file(host + ".requests");
        servers.add(lab.startJava("server", host, DatagramServer.class, address, "" + PORT, log.toString()));
        return log;
    }

    private void startTargetServer() {
        targetLog = startServer(Host.TARGET, lab.address("TARGET"));
        atAssistant = Firewall.counting(lab, Host.ASSISTANT, "iifname back udp sport " + PORT);
    }

    /** Returns when the servers listen as well: all of them start at the same time. */
    private void startTcpcopy(String... moreOptions) {
        Stream<String> command = Stream.of(
                Lab.script("tcpcopy"), "--udp", "-B", "128", "-x", PORT + "-" + lab.address("TARGET") + ":" + PORT);
        tcpcopy = lab.start(
                "tcpcopy",
                Host.ONLINE,
                Stream.concat(command, Stream.of(moreOptions)).toArray(String[]::new));
        tcpcopy.waitForOutput("tcpcopy started: copying UDP " + PORT + "-", PATIENCE);
        servers.forEach(server -> server.waitForOutput("listening", PATIENCE));
    }

    /** Lets clients make requests of these lengths, all of which the online server must have once; returns them. */
    private List<RequestRecord> request(String run, List<Integer> lengths) {
        Path log = lab.file(run + ".requests");
        List<String> arguments = new ArrayList<>(List.of(
                lab.address("ONLINE") + ":" + PORT,
                lab.address("CLIENT_PREFIX") + ".1-" + CLIENTS,
                run,
                log.toString(),
                "" + ROUNDS));
        lengths.forEach(length -> arguments.add("" + length));
        HostProcess load = lab.startJava("client", Host.CLIENT, DatagramLoad.class, arguments.toArray(String[]::new));
        assertThat(load.waitFor(PATIENCE)).as(load.output()).isZero();

        List<RequestRecord> sent = RequestRecord.readAll(log);
        assertThat(sent).hasSize(CLIENTS * ROUNDS * lengths.size());
        List<RequestRecord> served = RequestRecord.readAll(onlineLog).stream()
                .filter(request -> request.path().startsWith("/r/" + run + "/"))
                .toList();
        assertThat(Tally.of(sent, served)).matches(Tally::isExact, "was served exactly");
        return sent;
    }

    /** Asserts that the target has each request this often; returns what it has. */
    private List<RequestRecord> assertCopied(int times, List<RequestRecord> sent) {
        Waiting.holdsWithin(PATIENCE, () -> RequestRecord.readAll(targetLog).size() >= times * sent.size());
        List<RequestRecord> arrived = RequestRecord.readAll(targetLog);
        assertThat(Tally.ofCopies(times, sent, arrived))
                .matches(Tally::isExact, "has every request as often as it should");
        Waiting.until(
                "all answers have ended at the assistant", PATIENCE, () -> atAssistant.packets() >= arrived.size());
        return arrived;
    }

    /** Stops tcpcopy and asserts what its last statistics say. */
    private void assertStatistics(long captured, long sent, String... lines) {
        tcpcopy.endInPeace();
        String statistics = tcpcopy.output().substring(tcpcopy.output().lastIndexOf("udp packets captured:"));
        assertThat(statistics)
                .startsWith("udp packets captured:" + captured + ",packets sent:" + sent + "\n")
                .contains(lines)
                .contains("tcpcopy stopped");
    }

    private static String address(RequestRecord request) {
        return request.client().substring(0, request.client().indexOf(':'));
    }

    @Test
    void everyDatagramIsCopiedFromItsClientAndThoseThatComeAsFragmentsAreNamed() {
        startTargetServer();
        startTcpcopy();
        List<Integer> lengths = new ArrayList<>(SMALL);
        lengths.addAll(LARGE);

        List<RequestRecord> sent = request("mixed", lengths);

        List<RequestRecord> small = sent.stream()
                .filter(request -> request.bodyLength() <= SMALL.get(SMALL.size() - 1))
                .toList();
        List<RequestRecord> arrived = assertCopied(1, small);
        assertThat(arrived)
                .extracting(RequestRecord::client)
                .containsExactlyInAnyOrderElementsOf(
                        small.stream().map(RequestRecord::client).toList());
        assertStatistics(
                small.size(),
                small.size(),
                "capture kernel drops:0,fragment:" + (sent.size() - small.size()) + "\n",
                "injected packets:" + small.size() + "\n",
                "TC605: most is lost at the capture: 57 % of packets that are IP fragments");
    }

    @Test
    void largeDatagramsArriveWholeInEveryCopy() {
        startTargetServer();
        Set<String> addresses = Set.of(OTHER_CLIENTS + 1, OTHER_CLIENTS + 2, OTHER_CLIENTS + 3);
        startTcpcopy("--capture", "raw", "-n", "3", "-c", String.join(",", addresses));

        List<RequestRecord> sent = request("large", LARGE);

        assertThat(assertCopied(3, sent).stream().collect(Collectors.groupingBy(RequestRecord::path)))
                .allSatisfy((path, copies) ->
                        assertThat(copies).extracting(UdpIT::address).containsExactlyInAnyOrderElementsOf(addresses));
        assertStatistics(sent.size(), 3L * sent.size(), "capture kernel drops:0\n");
    }

    @Test
    void threePartsHaveEachDatagramOnce() {
        startTargetServer();
        for (int part = 1; part <= 3; part++) {
            startTcpcopy("--part", part + "/3");
        }

        assertCopied(1, request("parts", SMALL));
    }

    @Test
    void datagramsLeaveAsFramesOverANarrowWay() {
        startTargetServer();
        String target = lab.run(Host.TARGET, "cat", "/sys/class/net/back/address");
        String online = lab.run(Host.ONLINE, "cat", "/sys/class/net/back/address");
        lab.run(Host.ONLINE, "ip", "link", "set", "back", "mtu", "1000");
        startTcpcopy(
                "--capture",
                "raw",
                "--pcap-send",
                "-o",
                "back",
                "-x",
                PORT + "@" + online.strip() + "-" + lab.address("TARGET") + ":" + PORT + "@" + target.strip());

        List<RequestRecord> sent = request("frames", List.of(900, 1472, 8192));

        assertCopied(1, sent);
        assertStatistics(sent.size(), sent.size(), "capture kernel drops:0\n");
        assertThat(tcpcopy.output())
                .contains("-M is 1500, but the way to a target takes no more than 1000 bytes")
                .doesNotContain("EMSGSIZE");
    }

    @Test
    void aCaptureFileIsReplayed() {
        startTargetServer();
        servers.forEach(server -> server.waitForOutput("listening", PATIENCE));
        PacketWatch capture = PacketWatch.startWithPayload(lab, Host.ONLINE, "front");
        List<RequestRecord> sent = request("captured", SMALL);
        capture.stop(lab.address("CLIENT_PREFIX") + ".254");

        tcpcopy = lab.start(
                "tcpcopy",
                Host.ONLINE,
                Lab.script("tcpcopy"),
                "--udp",
                "--offline",
                "-i",
                capture.file().toString(),
                "-a",
                "1000",
                "-T",
                "2",
                "-x",
                PORT + "-" + lab.address("TARGET") + ":" + PORT);

        assertThat(tcpcopy.waitFor(PATIENCE)).as(tcpcopy.output()).isZero();
        assertCopied(2, sent);
        int copies = 2 * sent.size();
        assertThat(tcpcopy.output())
                .contains("udp packets captured:" + copies + ",packets sent:" + copies)
                .contains("datagrams captured:" + copies + ",delivered:" + copies + ",lost:0")
                .contains("nothing was lost");
    }

    @Test
    void noClientHearsOfAClosedPortOrASilentTarget() {
        Firewall refusals = Firewall.counting(lab, Host.ASSISTANT, "iifname back icmp type destination-unreachable");
        startTcpcopy("-s", lab.address("ASSISTANT"), "-L");
        assertThat(tcpcopy.output())
                .contains("-s is accepted, but not needed here", "-L is accepted, but not needed here");
        request("refused", SMALL);
        Waiting.until("the target's refusals have ended at the assistant", PATIENCE, () -> refusals.packets() > 0);

        // The kernel would give up soon, and tell the clients.
        lab.run(Host.ONLINE, "sysctl", "-w", "net.ipv4.neigh.back.retrans_time_ms=50");
        lab.run(Host.TARGET, "ip", "link", "set", "back", "down");
        lab.run(Host.ONLINE, "ip", "neighbour", "flush", "dev", "back");
        request("silent", SMALL);

        tcpcopy.endInPeace();
        assertThat(tcpcopy.output())
                .containsPattern(Pattern.compile("injected packets:\\d+,next hop silent:[1-9]"))
                .contains("most is lost at injection");
    }
}
