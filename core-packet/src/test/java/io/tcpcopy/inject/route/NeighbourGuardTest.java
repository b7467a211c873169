package io.tcpcopy.inject.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.FakeGate;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.NamespaceLab;
import io.tcpcopy.inject.SocketSink;
import io.tcpcopy.inject.TargetGate;
import io.tcpcopy.inject.Targets;
import io.tcpcopy.inject.TestPackets;
import io.tcpcopy.inject.raw.RawOutlet;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopDriver;
import io.tcpcopy.net.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the client hears from the online host's kernel when packets in its name cannot reach the target. */
@Tag("slow")
@Timeout(60)
class NeighbourGuardTest {
    /** How long the kernel waits for an answer before it asks again, or, after the third time, gives up. */
    private static final int RETRANSMIT_MS = 100;
    /** The same by default, which is what the guard counts on while a neighbour is probed. */
    private static final int DEFAULT_RETRANSMIT_MS = 1000;
    /** In this time the guard, once a second, has had the kernel ask twice, in vain: each time the client could hear. */
    private static final long UNTIL_ICMP_MS = 1500;

    private static final int PORT = 7;

    private final ByteBuffer packet = TestPackets.udp(NamespaceLab.CLIENT, NamespaceLab.TARGET, PORT, new byte[100]);
    private NamespaceLab lab;
    private Targets guardedTargets;

    @BeforeEach
    void makeHosts() throws Exception {
        lab = new NamespaceLab();
        lab.sysctl("online", "net.ipv4.neigh.target.retrans_time_ms", RETRANSMIT_MS);
        // What takes half a minute by default: an entry that is in use is confirmed again after a second or two.
        lab.sysctl("online", "net.ipv4.neigh.target.base_reachable_time_ms", 1000);
        lab.sysctl("online", "net.ipv4.neigh.target.delay_first_probe_time", 1);
    }

    @AfterEach
    void removeHosts() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void withoutAGuardTheClientIsToldThatTheHostIsUnreachable() throws Exception {
        lab.on("target", "addr flush dev online");

        onOnlineHost(new FakeGate(), (driver, sink) -> {
            inject(sink);
            driver.runFor(UNTIL_ICMP_MS);
        });

        assertThat(errorsAtClient()).isPositive();
    }

    @Test
    void gateOpensByItselfForATargetThatAnswers() throws Exception {
        lab.in("online", () -> {
            try (LoopDriver driver = new LoopDriver();
                    NeighbourGuard guard = guard(driver, NamespaceLab.TARGET)) {
                assertThat(isOpen(guard, NamespaceLab.TARGET)).isFalse();
                driver.runUntil("gate is open", () -> isOpen(guard, NamespaceLab.TARGET));
            }
            return null;
        });
    }

    @Test
    void targetThatWasNeverThereCostsTheClientNothing() throws Exception {
        lab.on("target", "addr flush dev online");

        guarded((driver, sink, guard) -> {
            injectFor(driver, sink, UNTIL_ICMP_MS);

            assertThat(sink.counters().get(InjectCounter.SENT)).isZero();
            assertThat(sink.counters().get(InjectCounter.NEXT_HOP_SILENT)).isPositive();
        });

        assertThat(errorsAtClient()).isZero();
    }

    @Test
    void targetThatFallsSilentIsCutOffBeforeTheClientHearsAndResumes() throws Exception {
        lab.sysctl("online", "net.ipv4.neigh.target.retrans_time_ms", DEFAULT_RETRANSMIT_MS);
        guarded((driver, sink, guard) -> {
            injectUntilOpen(driver, sink, guard);
            lab.on("target", "addr flush dev online");

            injectUntil(driver, sink, "the gate is closed", () -> !isOpen(guard, NamespaceLab.TARGET));
            // Closed while packets would still be sent: none can wait when the entry fails.
            assertThat(neighbour()).contains("PROBE");
            injectUntil(driver, sink, "the entry has failed", () -> !neighbour().contains("PROBE"));
            injectFor(driver, sink, UNTIL_ICMP_MS);
            assertThat(errorsAtClient()).isZero();

            lab.on("target", "addr add 10.90.2.2/24 dev online");
            injectUntilOpen(driver, sink, guard);
        });

        assertThat(errorsAtClient()).isZero();
    }

    @Test
    void targetWhoseLinkGoesDownGetsNothingAndResumes() throws Exception {
        guarded((driver, sink, guard) -> {
            injectUntilOpen(driver, sink, guard);

            lab.on("target", "link set online down");
            injectFor(driver, sink, UNTIL_ICMP_MS);
            assertThat(isOpen(guard, NamespaceLab.TARGET)).isFalse();
            assertThat(errorsAtClient()).isZero();

            lab.on("target", "link set online up");
            injectUntilOpen(driver, sink, guard);
        });

        assertThat(errorsAtClient()).isZero();
    }

    @Test
    void entryThatIsRemovedByHandIsResolvedAgain() throws Exception {
        guarded((driver, sink, guard) -> {
            injectUntilOpen(driver, sink, guard);
            for (int i = 0; i < 2; i++) {
                lab.on("online", "neigh flush dev target");
                injectUntilOpen(driver, sink, guard);
            }
        });

        assertThat(errorsAtClient()).isZero();
    }

    @Test
    void gatewayIsWatchedInPlaceOfATargetBehindIt() throws Exception {
        lab.on("online", "route add 10.91.0.0/16 via 10.90.2.2");
        int behind = 0x0A5B0001;

        lab.in("online", () -> {
            try (LoopDriver driver = new LoopDriver();
                    NeighbourGuard guard = guard(driver, behind)) {
                driver.runUntil("gate is open", () -> isOpen(guard, behind));

                // The route changes to a gateway that does not exist.
                lab.on("online", "route replace 10.91.0.0/16 via 10.90.2.77");
                guard.refresh();
                assertThat(isOpen(guard, behind)).isFalse();

                lab.on("online", "route replace 10.91.0.0/16 via 10.90.2.2");
                driver.runUntil("gate is open again", () -> isOpen(guard, behind));
            }
            return null;
        });
    }

    @Test
    void nextHopWithAnIpv6AddressIsWatchedAsWell() throws Exception {
        lab.sysctl("online", "net.ipv6.neigh.target.retrans_time_ms", RETRANSMIT_MS);
        lab.on("online", "addr add fe80::1/64 dev target nodad");
        lab.on("target", "addr add fe80::2/64 dev online nodad");
        lab.on("online", "route add 10.93.0.0/16 via inet6 fe80::77 dev target");
        int behind = 0x0A5D0001;

        lab.in("online", () -> {
            try (LoopDriver driver = new LoopDriver();
                    NeighbourGuard guard = guard(driver, behind)) {
                driver.runFor(UNTIL_ICMP_MS);
                assertThat(isOpen(guard, behind)).isFalse();

                lab.on("online", "route replace 10.93.0.0/16 via inet6 fe80::2 dev target");
                driver.runUntil("gate is open", () -> isOpen(guard, behind));

                lab.on("online", "neigh replace fe80::2 dev target nud failed");
                guard.refresh();
                assertThat(isOpen(guard, behind)).isFalse();
                driver.runUntil("gate is open again", () -> isOpen(guard, behind));
            }
            return null;
        });
    }

    @Test
    void entryThatFailsUnderTheGuardsEyesClosesTheGateUntilItAnswersAgain() throws Exception {
        guarded((driver, sink, guard) -> {
            injectUntilOpen(driver, sink, guard);
            lab.on("target", "link set online down");
            lab.on("online", "neigh replace 10.90.2.2 dev target nud failed");
            long sent = sink.counters().get(InjectCounter.SENT);

            injectFor(driver, sink, UNTIL_ICMP_MS);
            assertThat(sink.counters().get(InjectCounter.SENT)).isEqualTo(sent);
            assertThat(errorsAtClient()).isZero();

            lab.on("target", "link set online up");
            injectUntilOpen(driver, sink, guard);
        });

        assertThat(errorsAtClient()).isZero();
    }

    @Test
    void deviceAddressAndRouteMayGoAndComeBack() throws Exception {
        String[][] harms = {
            {"link set target down", "link set target up"},
            {"addr del 10.90.2.254/24 dev target", "addr add 10.90.2.254/24 dev target"},
            {"route del 10.90.2.0/24 dev target", "route add 10.90.2.0/24 dev target"},
            {"route add unreachable 10.90.2.2", "route del unreachable 10.90.2.2"}
        };
        guarded((driver, sink, guard) -> {
            injectUntilOpen(driver, sink, guard);
            for (String[] harm : harms) {
                lab.on("online", harm[0]);
                long sent = sink.counters().get(InjectCounter.SENT);
                injectFor(driver, sink, 300);
                assertThat(sink.counters().get(InjectCounter.SENT)).as(harm[0]).isEqualTo(sent);

                lab.on("online", harm[1]);
                injectUntilOpen(driver, sink, guard);
            }
        });

        assertThat(errorsAtClient()).isZero();
    }

    @Test
    void smallestMtuOfAllPathsIsKnownAtOnce() throws Exception {
        lab.on("online", "link set lo up");
        lab.in("online", () -> {
            try (LoopDriver driver = new LoopDriver();
                    NeighbourGuard guard = guard(driver, Address.LOOPBACK.bits(), NamespaceLab.TARGET)) {
                assertThat(guard.mtu()).isEqualTo(1500);

                lab.on("online", "link set target mtu 1000");
                guard.refresh();
                assertThat(guard.mtu()).isEqualTo(1000);

                lab.on("online", "link set target mtu 1500");
                lab.on("online", "route add 10.90.2.2 dev target mtu 1200");
                guard.refresh();
                assertThat(guard.mtu()).isEqualTo(1200);

                // Without a route, the last MTU stays.
                lab.on("online", "route replace unreachable 10.90.2.2");
                guard.refresh();
                assertThat(guard.mtu()).isEqualTo(1200);

                lab.on("online", "route del unreachable 10.90.2.2");
                guard.refresh();
                assertThat(guard.mtu()).isEqualTo(1500);
            }
            return null;
        });
    }

    @Test
    void targetsThatNeedNoNeighbourAreOpenAtOnce() throws Exception {
        lab.on("online", "link set lo up");
        lab.on("online", "tuntap add dev tun0 mode tun");
        lab.on("online", "addr add 10.92.0.1/24 dev tun0");
        lab.on("online", "link set tun0 up");
        int behindTunnel = 0x0A5C0002;
        int withoutRoute = 0x0B000001;

        lab.in("online", () -> {
            try (LoopDriver driver = new LoopDriver();
                    NeighbourGuard guard =
                            guard(driver, Address.LOOPBACK.bits(), behindTunnel, withoutRoute, NamespaceLab.TARGET)) {
                assertThat(isOpen(guard, Address.LOOPBACK.bits())).isTrue();
                assertThat(isOpen(guard, behindTunnel)).isTrue();
                assertThat(isOpen(guard, withoutRoute)).isTrue();
                assertThat(isOpen(guard, NamespaceLab.TARGET)).isFalse();
            }
            return null;
        });
    }

    private void inject(SocketSink sink) {
        sink.send(TestPackets.view(packet));
        sink.flush();
    }

    /** A packet in each turn of the loop, as under load. */
    private void injectFor(LoopDriver driver, SocketSink sink, long durationMs) {
        long endNs = System.nanoTime() + durationMs * 1_000_000;
        injectUntil(driver, sink, "time passes", () -> System.nanoTime() - endNs >= 0);
    }

    private void injectUntilOpen(LoopDriver driver, SocketSink sink, NeighbourGuard guard) {
        long before = sink.counters().get(InjectCounter.SENT);
        injectUntil(
                driver,
                sink,
                "packets leave",
                () -> sink.counters().get(InjectCounter.SENT) > before && isOpen(guard, NamespaceLab.TARGET));
    }

    private void injectUntil(LoopDriver driver, SocketSink sink, String what, BooleanSupplier condition) {
        driver.runUntil(what, () -> {
            inject(sink);
            return condition.getAsBoolean();
        });
    }

    /** What the online host's kernel knows of the target on the link. */
    private String neighbour() {
        try {
            return lab.on("online", "neigh show dev target");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long errorsAtClient() throws Exception {
        return lab.snmp("client", "Icmp", "InDestUnreachs");
    }

    private void guarded(GuardedAction action) throws Exception {
        lab.in("online", () -> {
            try (LoopDriver driver = new LoopDriver();
                    NeighbourGuard guard = guard(driver, NamespaceLab.TARGET);
                    SocketSink sink = sink(driver, guard)) {
                driver.loop().onTurnEnd(sink::flush);
                action.run(driver, sink, guard);
            }
            return null;
        });
    }

    private boolean isOpen(NeighbourGuard guard, int address) {
        return guard.fate(guardedTargets.find(address, PORT)) == InjectCounter.SENT;
    }

    private static SocketSink sink(LoopDriver driver, TargetGate gate) throws StartException {
        Targets targets = new Targets(List.of(Endpoint.ipv4(NamespaceLab.TARGET, PORT)));
        EventLoop loop = driver.loop();
        return new SocketSink(loop, targets, gate, new RawOutlet(), new InjectCounters(loop::nowNs));
    }

    private void onOnlineHost(FakeGate gate, SinkAction action) throws Exception {
        lab.in("online", () -> {
            try (LoopDriver driver = new LoopDriver();
                    SocketSink sink = sink(driver, gate)) {
                driver.loop().onTurnEnd(sink::flush);
                action.run(driver, sink);
            }
            return null;
        });
    }

    @FunctionalInterface
    private interface GuardedAction {
        void run(LoopDriver driver, SocketSink sink, NeighbourGuard guard) throws Exception;
    }

    @FunctionalInterface
    private interface SinkAction {
        void run(LoopDriver driver, SocketSink sink) throws Exception;
    }

    private NeighbourGuard guard(LoopDriver driver, int... addresses) throws StartException {
        guardedTargets = new Targets(IntStream.of(addresses)
                .mapToObj(address -> Endpoint.ipv4(address, PORT))
                .toList());
        return new NeighbourGuard(driver.loop(), guardedTargets);
    }
}
