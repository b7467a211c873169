package io.tcpcopy.inject.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.Capabilities;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.NamespaceLab;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.inject.TestPackets;
import io.tcpcopy.inject.route.NeighbourGuard;
import io.tcpcopy.logging.LoggedLines;
import io.tcpcopy.loop.LoopDriver;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.RefusedCalls;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How packets get to the target, and what changes it, seen from the target and from the client. */
@Tag("slow")
@Timeout(60)
class RoutedSinkTest {
    private static final int PORT = 7;
    /** An address behind routers, which both the target and the client have: whoever counts it was the next hop. */
    private static final int BEHIND = 0x0A5B0001;
    /** How soon a change is to show. */
    private static final long SOON_NS = 2_000_000_000L;

    /** Of a net that nobody has: no host takes its own address as that of a sender. */
    private static final int STRANGER = 0x0A630009;

    /** The kernel's part for IPsec, of {@code linux/netlink.h}. */
    private static final int NETLINK_XFRM = 6;

    private static final int EMFILE = 24;

    private NamespaceLab lab;
    private int client = NamespaceLab.CLIENT;

    @BeforeEach
    void makeHosts() throws Exception {
        lab = new NamespaceLab();
        for (String host : new String[] {"client", "target"}) {
            lab.on(host, "link set lo up");
            lab.on(host, "addr add 10.91.0.1/32 dev lo");
        }
        lab.on("target", "route add default via 10.90.2.254");
        lab.on("client", "route add default via 10.90.1.254");
        lab.on("online", "route add 10.91.0.0/16 via 10.90.2.2");
    }

    @AfterEach
    void removeHosts() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    @FunctionalInterface
    private interface SinkAction {
        void run(LoopDriver driver, PacketSink sink) throws Exception;
    }

    @FunctionalInterface
    private interface Limitation {
        void begin() throws Exception;
    }

    private void injecting(InjectKind kind, int target, SinkAction action) throws Exception {
        injecting(kind, List.of(Endpoint.ipv4(target, PORT)), action);
    }

    private void injecting(InjectKind kind, List<Endpoint> targets, SinkAction action) throws Exception {
        injecting(() -> {}, kind, targets, action);
    }

    /** The same, to {@link #BEHIND}, after the thread that does it has given up some right. */
    private void injectingAfter(Limitation limitation, SinkAction action) throws Exception {
        injecting(limitation, InjectKind.AUTO, List.of(Endpoint.ipv4(BEHIND, PORT)), action);
    }

    private void injecting(Limitation limitation, InjectKind kind, List<Endpoint> targets, SinkAction action)
            throws Exception {
        lab.in("online", () -> {
            limitation.begin();
            try (LoopDriver driver = new LoopDriver();
                    PacketSink sink = SinkOpener.open(
                            driver.loop(), InjectSettings.routed(kind), targets, Ipv4Header.PROTOCOL_UDP)) {
                driver.loop().onTurnEnd(sink::flush);
                action.run(driver, sink);
            }
            return null;
        });
    }

    private void injecting(int target, SinkAction action) throws Exception {
        injecting(InjectKind.AUTO, target, action);
    }

    private void send(PacketSink sink, int target, byte[] payload) {
        sink.send(TestPackets.view(TestPackets.udp(client, target, PORT, payload)));
    }

    /** Sends in each turn, as under load, until something is so, which must be soon. */
    private void sendUntil(LoopDriver driver, PacketSink sink, int target, String what, BooleanSupplier condition) {
        long startNs = System.nanoTime();
        driver.runUntil(what, () -> {
            send(sink, target, new byte[10]);
            sink.flush();
            return condition.getAsBoolean();
        });
        assertThat(System.nanoTime() - startNs).as(what).isLessThan(SOON_NS);
    }

    private static long count(PacketSink sink, InjectCounter counter) {
        return sink.counters().get(counter);
    }

    /** Datagrams for a port that nobody listens to: the kernel counts them if address and checksums are right. */
    private long received(String host) {
        try {
            return lab.snmp(host, "Udp", "NoPorts");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Raw sockets of IPv4 on the online host, of which the program has two where it needs some. */
    private long rawSockets() {
        try {
            return lab.exec("online", "cat /proc/net/raw").lines().count() - 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertTheClientHeardNothing() throws Exception {
        assertThat(lab.snmp("client", "Icmp", "InMsgs")).isZero();
    }

    @Test
    void datagramsArriveAtASocketOfTheTarget() throws Exception {
        byte[] payload = new byte[5000];
        Arrays.fill(payload, (byte) 'x');
        DatagramSocket server = lab.in("target", () -> new DatagramSocket(new InetSocketAddress(PORT)));
        try (server) {
            server.setSoTimeout(5000);
            injecting(NamespaceLab.TARGET, (driver, sink) -> {
                driver.runUntil("ready", sink::isReady);
                send(sink, NamespaceLab.TARGET, payload);
                driver.runFor(10);

                DatagramPacket received = new DatagramPacket(new byte[10_000], 10_000);
                server.receive(received);
                assertThat(Arrays.copyOf(received.getData(), received.getLength()))
                        .isEqualTo(payload);
                assertThat(received.getAddress().getHostAddress()).isEqualTo("10.90.1.1");
                assertThat(count(sink, InjectCounter.SENT)).isOne();
            });
        }
    }

    @Test
    void segmentsArriveWithChecksumsThatTheTargetAccepts() throws Exception {
        injecting(NamespaceLab.TARGET, (driver, sink) -> {
            driver.runUntil("ready", sink::isReady);
            for (int length : new int[] {0, 10, 1448, 20_000, 65_000}) {
                ByteBuffer packet = TestPackets.tcp(
                        NamespaceLab.CLIENT, NamespaceLab.TARGET, PORT, TcpHeader.ACK, 1, new byte[length]);
                sink.send(TestPackets.view(packet, 1448));
            }
            driver.runFor(100);

            // What belongs to no connection is answered with an RST, but only if its checksum is right.
            assertThat(lab.snmp("target", "Tcp", "OutRsts")).isGreaterThanOrEqualTo(5);
            assertThat(lab.snmp("target", "Tcp", "InCsumErrors")).isZero();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iptables -t nat -A POSTROUTING -o target -j MASQUERADE",
                "iptables -A OUTPUT -d 10.90.2.2 -s 10.90.1.1 -j REJECT",
                "iptables -A OUTPUT -m conntrack --ctstate INVALID -j DROP"
            })
    void framesPassTheFirewallOfThisHostAndNeedNoRawSocket(String rule) throws Exception {
        lab.exec("online", rule);
        injecting(NamespaceLab.TARGET, (driver, sink) -> {
            sendUntil(driver, sink, NamespaceLab.TARGET, "arrives", () -> received("target") > 10);
            assertThat(rawSockets()).isZero();
        });
        assertTheClientHeardNothing();
    }

    @Test
    void silentNextHopClosesTheGateAndNobodyHears() throws Exception {
        lab.on("target", "addr flush dev online");
        injecting(NamespaceLab.TARGET, (driver, sink) -> {
            for (int i = 0; i < 100; i++) {
                send(sink, NamespaceLab.TARGET, new byte[10]);
                driver.runFor(15);
            }
            assertThat(count(sink, InjectCounter.SENT)).isZero();
            assertThat(count(sink, InjectCounter.NEXT_HOP_SILENT)).isEqualTo(100);
        });
        assertTheClientHeardNothing();
    }

    @Test
    void otherLinkAddressOfTheNextHopIsFollowed() throws Exception {
        injecting(NamespaceLab.TARGET, (driver, sink) -> {
            sendUntil(driver, sink, NamespaceLab.TARGET, "arrives", () -> received("target") > 0);
            lab.on("target", "link set online address 02:00:00:00:02:77");
            lab.on("online", "neigh replace 10.90.2.2 dev target lladdr 02:00:00:00:02:77 nud reachable");
            long before = received("target");

            sendUntil(driver, sink, NamespaceLab.TARGET, "arrives again", () -> received("target") > before + 10);
        });
    }

    @Test
    void nextHopThatVanishesIsNoticedAlthoughFramesDoNotUseItsEntry() throws Exception {
        lab.sysctl("online", "net.ipv4.neigh.target.base_reachable_time_ms", 1000);
        lab.sysctl("online", "net.ipv4.neigh.target.delay_first_probe_time", 1);
        injecting(NamespaceLab.TARGET, (driver, sink) -> {
            sendUntil(driver, sink, NamespaceLab.TARGET, "arrives", () -> received("target") > 0);
            lab.on("target", "addr flush dev online");

            driver.runUntil("the gate is closed", () -> {
                send(sink, NamespaceLab.TARGET, new byte[10]);
                return !sink.isReady();
            });
            lab.on("target", "addr add 10.90.2.2/24 dev online");
            driver.runUntil("the gate is open again", sink::isReady);
        });
        assertTheClientHeardNothing();
    }

    @Test
    void neighbourEntryIsConfirmedWhenItHasBecomeStale() throws Exception {
        lab.sysctl("online", "net.ipv4.neigh.target.delay_first_probe_time", 1);
        injecting(NamespaceLab.TARGET, (driver, sink) -> {
            driver.runUntil("ready", sink::isReady);
            lab.on("online", "neigh replace 10.90.2.2 dev target lladdr 02:00:00:00:02:02 nud stale");
            driver.runUntil("it is confirmed", () -> neighbour().contains("REACHABLE"));
        });
    }

    @Test
    void nextHopThatCannotBeConfirmedIsReportedOnceAndWhenItCanAgain() throws Exception {
        lab.sysctl("online", "net.ipv4.neigh.target.delay_first_probe_time", 1);
        try (LoggedLines log = new LoggedLines(NeighbourGuard.class)) {
            injecting(NamespaceLab.TARGET, (driver, sink) -> {
                driver.runUntil("ready", sink::isReady);
                lab.exec("online", "iptables -A OUTPUT -p udp --dport 9 -j DROP");
                lab.on("online", "neigh replace 10.90.2.2 dev target lladdr 02:00:00:00:02:02 nud stale");
                driver.runUntil("it is reported", () -> !log.all().isEmpty());
                driver.runFor(1500);
                assertThat(log.all())
                        .containsExactly(
                                "target 10.90.2.2: its next hop 10.90.2.2 cannot be asked for: Operation not permitted;"
                                        + " frames go on to the link address that was known last");

                lab.exec("online", "iptables -F OUTPUT");
                driver.runUntil("it is confirmed", () -> neighbour().contains("REACHABLE"));
                assertThat(log.all())
                        .last()
                        .isEqualTo("target 10.90.2.2: its next hop 10.90.2.2 can be asked for again");
            });
        }
    }

    private String neighbour() {
        try {
            return lab.on("online", "neigh show 10.90.2.2 dev target");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void deviceMayGoDownAndComeUpAgain() throws Exception {
        injecting(NamespaceLab.TARGET, (driver, sink) -> {
            sendUntil(driver, sink, NamespaceLab.TARGET, "arrives", () -> received("target") > 0);
            lab.on("online", "link set target down");
            sendUntil(driver, sink, NamespaceLab.TARGET, "closed", () -> !sink.isReady());
            assertThat(rawSockets()).isZero();

            lab.on("online", "link set target up");
            long before = received("target");
            sendUntil(driver, sink, NamespaceLab.TARGET, "arrives again", () -> received("target") > before);
        });
        assertTheClientHeardNothing();
    }

    @Test
    void deviceMayBeReplacedByAnotherOne() throws Exception {
        injecting(NamespaceLab.TARGET, (driver, sink) -> {
            sendUntil(driver, sink, NamespaceLab.TARGET, "arrives", () -> received("target") > 0);
            lab.on("online", "link del target");
            sendUntil(driver, sink, NamespaceLab.TARGET, "closed", () -> !sink.isReady());

            lab.relink("target");
            long before = received("target");
            sendUntil(driver, sink, NamespaceLab.TARGET, "arrives again", () -> received("target") > before);
        });
    }

    @Test
    void routeThatMovesToAnotherDeviceIsFollowed() throws Exception {
        client = STRANGER;
        injecting(BEHIND, (driver, sink) -> {
            sendUntil(driver, sink, BEHIND, "arrives", () -> received("target") > 0);

            lab.on("online", "route replace 10.91.0.0/16 via 10.90.1.1");
            sendUntil(driver, sink, BEHIND, "arrives on the other device", () -> received("client") > 10);
            assertThat(rawSockets()).isZero();
        });
    }

    @Test
    void otherGatewayTakesOverWhenTheFirstOneIsGone() throws Exception {
        client = STRANGER;
        lab.on("online", "route add 10.91.0.0/16 via 10.90.1.1 metric 100");
        injecting(BEHIND, (driver, sink) -> {
            sendUntil(driver, sink, BEHIND, "arrives", () -> received("target") > 0);

            lab.on("online", "link set target down");
            sendUntil(driver, sink, BEHIND, "arrives by the other one", () -> received("client") > 10);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "route replace 10.91.0.0/16 nexthop via 10.90.2.2 nexthop via 10.90.2.2 dev target",
                "route replace 10.91.0.0/16 encap ip id 5 dst 10.90.2.2 dev target",
                "route add local 10.91.0.1 dev lo",
                "xfrm policy add dir out src 0.0.0.0/0 dst 10.91.0.0/16 tmpl src 10.90.2.254 dst 10.90.2.2 proto esp"
                        + " mode tunnel",
                "xfrm policy add dir out src 0.0.0.0/0 dst 0.0.0.0/0 action block",
                "xfrm policy setdefault out block"
            })
    void targetWithoutAWayForFramesGetsIpPacketsAndFramesWhenItHasOneAgain(String change) throws Exception {
        lab.on("online", "link set lo up");
        injecting(BEHIND, (driver, sink) -> {
            sendUntil(driver, sink, BEHIND, "arrives", () -> received("target") > 0);
            assertThat(rawSockets()).isZero();

            lab.on("online", change);
            sendUntil(driver, sink, BEHIND, "the raw socket is open", () -> rawSockets() == 2);

            lab.on("online", "xfrm policy flush");
            lab.on("online", "xfrm policy setdefault out accept");
            if (change.startsWith("route add")) {
                lab.on("online", change.replace("add", "del"));
            }
            lab.on("online", "route replace 10.91.0.0/16 via 10.90.2.2");
            long before = received("target");
            sendUntil(driver, sink, BEHIND, "frames leave", () -> rawSockets() == 0 && received("target") > before);
        });
        assertTheClientHeardNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void groupOfNextHopsIsToldFromOneHoweverTheKernelShowsRoutes(int compatMode) throws Exception {
        lab.sysctl("online", "net.ipv4.nexthop_compat_mode", compatMode);
        lab.on("online", "nexthop add id 1 via 10.90.2.2 dev target");
        lab.on("online", "nexthop add id 2 via 10.90.1.1 dev client");
        lab.on("online", "nexthop add id 3 group 1/2");
        lab.on("online", "route replace 10.91.0.0/16 nhid 1");
        injecting(BEHIND, (driver, sink) -> {
            sendUntil(driver, sink, BEHIND, "arrives", () -> received("target") > 0);
            assertThat(rawSockets()).isZero();

            lab.on("online", "route replace 10.91.0.0/16 nhid 3");
            sendUntil(driver, sink, BEHIND, "the raw socket is open", () -> rawSockets() == 2);
        });
    }

    /** As one of IPsec does (type xfrm), which not every kernel has: what leaves there is not what goes over a wire. */
    @Test
    void deviceWithoutALinkLayerThatIsNoTunnelToAProgramGetsIpPackets() throws Exception {
        lab.on("online", "link add wrapping type vxlan dstport 4790 external gpe");
        lab.on("online", "link set wrapping up");
        lab.on("online", "tuntap add dev tun0 mode tun");
        lab.on("online", "link set tun0 up");
        lab.on("online", "route replace 10.91.0.0/16 dev tun0");
        injecting(BEHIND, (driver, sink) -> {
            driver.runFor(10);
            assertThat(rawSockets()).isZero();

            lab.on("online", "route replace 10.91.0.0/16 dev wrapping");
            sendUntil(driver, sink, BEHIND, "the raw socket is open", () -> rawSockets() == 2);
        });
    }

    @Test
    void withoutTheRightToSeePoliciesTheMtuShowsThatOneApplies() throws Exception {
        injectingAfter(() -> Capabilities.giveUpNetAdmin(), (driver, sink) -> {
            sendUntil(driver, sink, BEHIND, "arrives", () -> received("target") > 0);
            assertThat(rawSockets()).isZero();

            lab.on(
                    "online",
                    "xfrm policy add dir out src 0.0.0.0/0 dst 10.91.0.0/16 tmpl src 10.90.2.254 dst 10.90.2.2"
                            + " proto esp mode tunnel");
            sendUntil(driver, sink, BEHIND, "the raw socket is open", () -> rawSockets() == 2);
        });
    }

    @Test
    void whereNothingTellsOfPoliciesThereAreNoFrames() throws Exception {
        lab.in("online", () -> {
            RefusedCalls.sockets(Libc.AF_NETLINK, Libc.SOCK_RAW, NETLINK_XFRM, EMFILE);
            try (LoggedLines log = new LoggedLines(RoutedSink.class);
                    LoopDriver driver = new LoopDriver();
                    PacketSink sink = SinkOpener.open(
                            driver.loop(),
                            InjectSettings.routed(InjectKind.AUTO),
                            List.of(Endpoint.ipv4(BEHIND, PORT)),
                            Ipv4Header.PROTOCOL_UDP)) {
                sink.started();
                assertThat(rawSockets()).isEqualTo(2);
                assertThat(log.all())
                        .containsExactly(
                                "target 10.91.0.1:7 gets IP packets through the raw socket: cannot ask the kernel"
                                        + " about IPsec policies: Too many open files");
            }
            return null;
        });
    }

    @Test
    void kernelWithoutIpsecHasNoPolicies() throws Exception {
        injectingAfter(
                () -> RefusedCalls.sockets(Libc.AF_NETLINK, Libc.SOCK_RAW, NETLINK_XFRM, Errno.EPROTONOSUPPORT),
                (driver, sink) -> {
                    sendUntil(driver, sink, BEHIND, "arrives", () -> received("target") > 0);
                    assertThat(rawSockets()).isZero();
                });
    }

    @Test
    void learnedMtuIsNoSignOfAPolicy() throws Exception {
        lab.on("online", "route replace 10.91.0.0/16 via 10.90.2.2 mtu 1200");
        lab.sysctl("target", "net.ipv4.ip_forward", 1);
        lab.on("target", "tuntap add dev narrow mode tun");
        lab.on("target", "link set narrow mtu 900 up");
        lab.on("target", "route add 10.91.0.9 dev narrow");
        lab.in("online", () -> {
            Capabilities.giveUpNetAdmin();
            try (LoopDriver driver = new LoopDriver();
                    PacketSink sink = SinkOpener.open(
                            driver.loop(),
                            InjectSettings.routed(InjectKind.FRAME),
                            List.of(Endpoint.ipv4(BEHIND + 8, PORT)),
                            Ipv4Header.PROTOCOL_UDP)) {
                driver.loop().onTurnEnd(sink::flush);
                driver.runUntil("ready", sink::isReady);
                assertThat(sink.mtu()).isEqualTo(1200);

                // The target is a router to a narrower link, and says so to a packet of this host that is too long.
                try (DatagramSocket socket = new DatagramSocket()) {
                    socket.send(new DatagramPacket(new byte[1100], 1100, new InetSocketAddress("10.91.0.9", PORT)));
                }
                driver.runUntil("it is taken in", () -> sink.mtu() == 900);
                driver.runFor(1100);
                assertThat(sink.isReady()).isTrue();
            }
            return null;
        });
    }

    @Test
    void targetsOfBothKindsGetTheirPacketsSideBySide() throws Exception {
        lab.on("online", "link set lo up");
        lab.in("online", () -> {
            try (LoopDriver driver = new LoopDriver();
                    PacketSink sink = SinkOpener.open(
                            driver.loop(),
                            InjectSettings.routed(InjectKind.AUTO),
                            List.of(new Endpoint(Address.LOOPBACK, PORT), Endpoint.ipv4(NamespaceLab.TARGET, PORT)),
                            Ipv4Header.PROTOCOL_UDP)) {
                driver.loop().onTurnEnd(sink::flush);
                driver.runUntil("ready", sink::isReady);
                long before = received("online");
                sink.send(TestPackets.view(
                        TestPackets.udp(Address.LOOPBACK.bits(), Address.LOOPBACK.bits(), PORT, new byte[10])));
                send(sink, NamespaceLab.TARGET, new byte[10]);
                driver.runUntil("both arrive", () -> received("target") > 0 && received("online") > before);
            }
            return null;
        });
    }

    @Test
    void framesAloneAreRefusedWhereThereCanBeNone() throws Exception {
        lab.on("online", "route replace 10.91.0.0/16 nexthop via 10.90.2.2 nexthop via 10.90.2.2 dev target");

        assertThatThrownBy(() -> injecting(InjectKind.FRAME, BEHIND, (driver, sink) -> {}))
                .hasRootCauseInstanceOf(StartException.class)
                .hasRootCauseMessage(
                        "there are no frames for the target 10.91.0.1:7, but --inject frame asks for them: its"
                                + " route has several next hops");
    }

    @Test
    void framesAloneStopWhereThereCanBeNoneAnyMore() throws Exception {
        injecting(InjectKind.FRAME, BEHIND, (driver, sink) -> {
            sendUntil(driver, sink, BEHIND, "arrives", () -> received("target") > 0);

            lab.on("online", "route replace 10.91.0.0/16 encap ip id 5 dst 10.90.2.2 dev target");
            sendUntil(driver, sink, BEHIND, "closed", () -> count(sink, InjectCounter.TARGET_CLOSED) > 10);
            assertThat(rawSockets()).isZero();
        });
    }

    @Test
    void ipPacketsAloneLeaveThroughTheRawSocketAlthoughFramesCould() throws Exception {
        injecting(InjectKind.RAW, NamespaceLab.TARGET, (driver, sink) -> {
            sendUntil(driver, sink, NamespaceLab.TARGET, "arrives", () -> received("target") > 10);
            assertThat(rawSockets()).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = InjectKind.class,
            names = {"FRAME", "RAW"})
    void slowDeviceHoldsPacketsBackAndLosesNone(InjectKind kind) throws Exception {
        injecting(kind, NamespaceLab.TARGET, (driver, sink) -> {
            driver.runUntil("ready", sink::isReady);
            long before = received("target");
            // Takes 64 KB, and needs 0.8 s for all.
            lab.exec("online", "tc qdisc add dev target root tbf rate 40mbit burst 4000 limit 64000");
            int total = 3000;
            int[] sent = {0};
            int[] held = {0};
            driver.runUntil("all have arrived", () -> {
                while (sink.hasRoom(NamespaceLab.TARGET, PORT) && sent[0] < total) {
                    if (sink.isBatchFull()) {
                        sink.flush();
                    } else {
                        send(sink, NamespaceLab.TARGET, new byte[1300]);
                        sent[0]++;
                    }
                }
                held[0] += sink.hasRoom(NamespaceLab.TARGET, PORT) ? 0 : 1;
                return received("target") - before >= total;
            });

            assertThat(held[0]).isGreaterThan(10);
            assertThat(sink.hasRoom(NamespaceLab.TARGET, PORT)).isTrue();
            assertThat(count(sink, InjectCounter.SENT)).isEqualTo(total);
            assertThat(count(sink, InjectCounter.DROPPED) + count(sink, InjectCounter.FAILED))
                    .isZero();
        });
    }

    @ParameterizedTest
    @CsvSource({"FRAME, tbf rate 8bit burst 2000 limit 100000000", "RAW, pfifo limit 0"})
    void deviceThatTakesNothingHoldsUpNoOtherAndIsGivenUpAfterAWhile(InjectKind kind, String queue) throws Exception {
        List<Endpoint> targets =
                List.of(Endpoint.ipv4(NamespaceLab.CLIENT, PORT), Endpoint.ipv4(NamespaceLab.TARGET, PORT));
        client = STRANGER;
        injecting(kind, targets, (driver, sink) -> {
            driver.runUntil("ready", sink::isReady);
            lab.exec("online", "tc qdisc add dev client root " + queue);
            driver.runUntil("there is no room", () -> {
                send(sink, NamespaceLab.CLIENT, new byte[1300]);
                return !sink.hasRoom(NamespaceLab.CLIENT, PORT);
            });
            sendUntil(driver, sink, NamespaceLab.TARGET, "the other has room", () -> received("target") >= 10);
            assertThat(sink.hasRoom(NamespaceLab.TARGET, PORT)).isTrue();
            assertThat(sink.hasRoom(NamespaceLab.CLIENT, PORT)).isFalse();

            driver.runUntil("it is given up", () -> sink.hasRoom(NamespaceLab.CLIENT, PORT));
            assertThat(count(sink, InjectCounter.DROPPED)).isPositive();
            long before = received("client");
            lab.exec("online", "tc qdisc del dev client root");
            sendUntil(driver, sink, NamespaceLab.CLIENT, "it takes packets", () -> received("client") > before);
        });
    }
}
