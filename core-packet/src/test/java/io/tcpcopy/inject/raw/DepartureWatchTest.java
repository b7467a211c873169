package io.tcpcopy.inject.raw;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.FakeGate;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.NamespaceLab;
import io.tcpcopy.inject.SocketSink;
import io.tcpcopy.inject.TargetGate;
import io.tcpcopy.inject.Targets;
import io.tcpcopy.inject.TestPackets;
import io.tcpcopy.inject.route.NeighbourGuard;
import io.tcpcopy.loop.LoopDriver;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.UdpHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of packets in a client's name when the online host's firewall does something to them. */
@Tag("slow")
@Timeout(60)
class DepartureWatchTest {
    private static final int PORT = 8080;
    private static final int SEQ = 5000;
    private static final Targets TARGETS = new Targets(List.of(Endpoint.ipv4(NamespaceLab.TARGET, PORT)));

    private static final String NAT = "iptables -t nat -A POSTROUTING -o target -j MASQUERADE";
    private static final String NO_NAT = "iptables -t nat -F";
    private static final String RULE = "iptables -A OUTPUT -d 10.90.2.2 ";
    private static final String NO_RULE = "iptables -F OUTPUT";

    private final ByteBuffer datagram = TestPackets.udp(NamespaceLab.CLIENT, NamespaceLab.TARGET, PORT, new byte[10]);
    private final ByteBuffer syn = segment(TcpHeader.SYN, SEQ);
    private int nextPort = TestPackets.CLIENT_PORT;
    private NamespaceLab lab;

    private static ByteBuffer segment(int flags, int seq) {
        return TestPackets.tcp(NamespaceLab.CLIENT, NamespaceLab.TARGET, PORT, flags, seq, new byte[0]);
    }

    @BeforeEach
    void makeHosts() throws Exception {
        lab = new NamespaceLab();
        lab.on("online", "neigh replace 10.90.2.2 dev target lladdr 02:00:00:00:02:02 nud permanent");
        // What comes back goes to the clients, as on a host that forwards.
        lab.sysctl("online", "net.ipv4.ip_forward", 1);
        lab.on("target", "route add default via 10.90.2.254");
        lab.on("client", "route add default via 10.90.1.254");
        count("client", "-i online");
    }

    @AfterEach
    void removeHosts() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    @FunctionalInterface
    private interface SinkAction {
        void run(LoopDriver driver, SocketSink sink) throws Exception;
    }

    private void watched(int protocol, SinkAction action) throws Exception {
        lab.in("online", () -> {
            try (LoopDriver driver = new LoopDriver();
                    NeighbourGuard guard = new NeighbourGuard(driver.loop(), TARGETS);
                    SocketSink sink = watchedSink(driver, TARGETS, guard, protocol)) {
                driver.loop().onTurnEnd(sink::flush);
                action.run(driver, sink);
            }
            return null;
        });
    }

    private static SocketSink watchedSink(LoopDriver driver, Targets targets, NeighbourGuard guard, int protocol)
            throws StartException {
        DepartureWatch watch = new DepartureWatch(driver.loop(), targets, guard, protocol);
        watch.watch(0);
        return sink(driver, targets, watch, watch::close);
    }

    private static SocketSink sink(LoopDriver driver, Targets targets, TargetGate gate, Runnable closeGate)
            throws StartException {
        InjectCounters counters = new InjectCounters(driver.loop()::nowNs);
        return new SocketSink(driver.loop(), targets, gate, new RawOutlet(), counters, closeGate);
    }

    private void unwatched(SinkAction action) throws Exception {
        lab.in("online", () -> {
            try (LoopDriver driver = new LoopDriver();
                    SocketSink sink = sink(driver, TARGETS, new FakeGate(), () -> {})) {
                action.run(driver, sink);
            }
            return null;
        });
    }

    private void watched(SinkAction action) throws Exception {
        watched(Ipv4Header.PROTOCOL_TCP, action);
    }

    private static void send(SocketSink sink, ByteBuffer packet) {
        sink.send(TestPackets.view(packet));
        sink.flush();
    }

    /** Another connection each time. */
    private void sendSyn(SocketSink sink) {
        nextPort++;
        new TcpHeader().wrap(syn, Ipv4Header.MIN_LENGTH).sourcePort(nextPort).seq(SEQ + nextPort);
        send(sink, syn);
    }

    private static long count(SocketSink sink, InjectCounter counter) {
        return sink.counters().get(counter);
    }

    private void count(String host, String match) throws Exception {
        lab.exec(host, "iptables -A INPUT " + match);
    }

    /** How many packets the client's kernel got. */
    private long heard() {
        try {
            return lab.exec("client", "iptables -vxnL INPUT")
                    .lines()
                    .skip(2)
                    .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[0]))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertClosed(SocketSink sink, LoopDriver driver) {
        long sent = count(sink, InjectCounter.SENT);
        driver.runFor(50);
        assertThat(sink.isReady()).isFalse();
        assertThat(count(sink, InjectCounter.SENT)).isEqualTo(sent);
    }

    @Test
    void wayIsOpenBeforeTheFirstPacketAndStaysSo() throws Exception {
        watched((driver, sink) -> {
            for (int i = 0; i < 100; i++) {
                sendSyn(sink);
            }
            driver.runFor(2500);
            sendSyn(sink);

            assertThat(count(sink, InjectCounter.SENT)).isEqualTo(101);
            assertThat(sink.isReady()).isTrue();
        });
    }

    @Test
    void targetTakesTheProbeForNoConnection() throws Exception {
        watched((driver, sink) -> driver.runUntil("open", sink::isReady));

        assertThat(lab.snmp("target", "Tcp", "InSegs")).isEqualTo(3);
        assertThat(lab.snmp("target", "Tcp", "OutRsts")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {NAT, RULE + "-j REJECT", RULE + "-p tcp -j REJECT --reject-with tcp-reset"})
    void withoutAWatchTheClientHears(String rule) throws Exception {
        lab.exec("online", rule);
        unwatched((driver, sink) -> {
            for (int i = 0; i < 20; i++) {
                sendSyn(sink);
            }
            // The kernel limits how many of the errors it sends.
            driver.runUntil("the client has heard of some", () -> heard() > 1);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                NAT,
                "iptables -t nat -A OUTPUT -p tcp -d 10.90.2.2 -j DNAT --to 10.90.2.3",
                RULE + "-j REJECT",
                RULE + "-p tcp -j REJECT --reject-with tcp-reset",
                RULE + "-j DROP",
                RULE + "-m conntrack --ctstate INVALID -j DROP",
            })
    void nothingInAClientsNameLeavesWhereARuleWouldDoSomethingToIt(String rule) throws Exception {
        lab.exec("online", rule);
        watched((driver, sink) -> {
            for (int i = 0; i < 20; i++) {
                sendSyn(sink);
            }

            assertClosed(sink, driver);
            assertThat(count(sink, InjectCounter.SENT)).isZero();
            assertThat(count(sink, InjectCounter.TARGET_CLOSED)).isEqualTo(20);
        });

        assertThat(heard()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {NAT, RULE + "-j REJECT", RULE + "-p tcp -j REJECT --reject-with tcp-reset", RULE + "-j DROP"})
    void ruleThatComesLaterCostsAClientOnePacketAtMost(String rule) throws Exception {
        watched((driver, sink) -> {
            for (int i = 0; i < 20; i++) {
                sendSyn(sink);
            }
            long before = heard();
            lab.exec("online", rule);
            for (int i = 0; i < 20; i++) {
                sendSyn(sink);
            }

            assertClosed(sink, driver);
            assertThat(heard() - before).isLessThanOrEqualTo(1);
        });
    }

    @Test
    void copiesOfOneClientAreToldApart() throws Exception {
        watched((driver, sink) -> {
            driver.runUntil("open", sink::isReady);
            // As with -n: one sequence number, many ports.
            for (int i = 0; i < 10; i++) {
                new TcpHeader().wrap(syn, Ipv4Header.MIN_LENGTH).sourcePort(30_000 + i);
                sink.send(TestPackets.view(syn));
            }
            sink.flush();
            driver.runFor(50);

            assertThat(sink.isReady()).isTrue();
        });
    }

    @Test
    void programsThatCopyTheSameClientsDoNotMistakeEachOthersPackets() throws Exception {
        ByteBuffer data = segment(TcpHeader.ACK, SEQ);
        watched((driver, sink) -> {
            int other = NamespaceLab.TARGET + 1;
            lab.on("online", "neigh replace 10.90.2.3 dev target lladdr 02:00:00:00:02:02 nud permanent");
            Targets others = new Targets(List.of(Endpoint.ipv4(other, PORT)));
            try (NeighbourGuard guard = new NeighbourGuard(driver.loop(), others);
                    SocketSink otherSink = watchedSink(driver, others, guard, Ipv4Header.PROTOCOL_TCP)) {
                driver.loop().onTurnEnd(otherSink::flush);
                driver.runUntil("open", () -> sink.isReady() && otherSink.isReady());
                // Each is looked at by both.
                for (int second = 0; second < 3; second++) {
                    new Ipv4Header().wrap(data, 0).destination(other);
                    otherSink.send(TestPackets.view(data));
                    new Ipv4Header().wrap(data, 0).destination(NamespaceLab.TARGET);
                    sink.send(TestPackets.view(data));
                    driver.runFor(1100);
                    assertThat(sink.isReady() && otherSink.isReady()).isTrue();
                }
            }
        });
    }

    @Test
    void ruleThatTracksNoCopiesLetsThemPassTheNat() throws Exception {
        lab.exec("online", NAT);
        lab.exec("online", "iptables -t raw -A OUTPUT -p tcp -d 10.90.2.2 --dport 8080 -j NOTRACK");
        watched((driver, sink) -> {
            sendSyn(sink);

            assertThat(count(sink, InjectCounter.SENT)).isOne();
        });
    }

    @Test
    void copiesOfConnectionsUnderWayAreLookedAtOnceASecond() throws Exception {
        ByteBuffer data = segment(TcpHeader.ACK, SEQ);
        watched((driver, sink) -> {
            driver.runUntil("open", sink::isReady);
            // Another device: to where marked packets go there is no target.
            lab.exec("online", "iptables -t mangle -A OUTPUT -d 10.90.2.2 -j MARK --set-mark 7");
            lab.on("online", "rule add fwmark 7 lookup 77");
            lab.on("online", "route add default via 10.90.1.1 dev client table 77");
            driver.runUntil("closed", () -> {
                send(sink, data);
                return !sink.isReady();
            });
        });
    }

    @Tag("long")
    @Test
    void targetIsOpenAgainTenSecondsAfterTheRuleWent() throws Exception {
        lab.exec("online", NAT);
        lab.exec("online", RULE + "-j REJECT");
        watched((driver, sink) -> {
            assertClosed(sink, driver);
            lab.exec("online", NO_NAT);
            lab.exec("online", NO_RULE);
            driver.runFor(9000);
            driver.runUntil("open", sink::isReady);
            assertThat(heard()).isZero();

            sendSyn(sink);
            assertThat(count(sink, InjectCounter.SENT)).isOne();
        });
    }

    @Test
    void packetsThatLeaveOnNoDeviceCloseTheTarget() throws Exception {
        watched((driver, sink) -> {
            driver.runUntil("open", sink::isReady);
            // Nobody reads the queue, and nothing tells the sender.
            lab.exec("online", RULE + "-j NFQUEUE");
            driver.runUntil("closed", () -> {
                sendSyn(sink);
                return !sink.isReady();
            });
        });
    }

    @Test
    void datagramsAreWatchedAsWell() throws Exception {
        watched(Ipv4Header.PROTOCOL_UDP, (driver, sink) -> {
            for (int i = 0; i < 10; i++) {
                send(sink, datagram);
            }
            assertThat(count(sink, InjectCounter.SENT)).isEqualTo(10);
            lab.exec("online", NAT);
            // NAT decides when a flow begins.
            new UdpHeader().wrap(datagram, Ipv4Header.MIN_LENGTH).sourcePort(TestPackets.CLIENT_PORT + 1);
            driver.runUntil("closed", () -> {
                send(sink, datagram);
                return !sink.isReady();
            });
        });
    }
}
