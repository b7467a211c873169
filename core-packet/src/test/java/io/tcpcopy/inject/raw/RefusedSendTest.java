package io.tcpcopy.inject.raw;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.FakeGate;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.NamespaceLab;
import io.tcpcopy.inject.SocketSink;
import io.tcpcopy.inject.Targets;
import io.tcpcopy.inject.TestPackets;
import io.tcpcopy.loop.LoopDriver;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever makes the online host's kernel refuse a packet: it is counted by its errno, and copying goes on. */
@Timeout(60)
class RefusedSendTest {
    private static final int PORT = 7;
    private static final int PAYLOAD = 900;
    private static final int OTHER_TARGET = 0x0A5A0203;
    private static final Targets TARGETS =
            new Targets(List.of(Endpoint.ipv4(NamespaceLab.TARGET, PORT), Endpoint.ipv4(OTHER_TARGET, PORT)));

    private final ByteBuffer packet =
            TestPackets.udp(NamespaceLab.CLIENT, NamespaceLab.TARGET, PORT, new byte[PAYLOAD]);
    private final ByteBuffer toOther = TestPackets.udp(NamespaceLab.CLIENT, OTHER_TARGET, PORT, new byte[PAYLOAD]);
    private NamespaceLab lab;

    @BeforeEach
    void makeHosts() throws Exception {
        lab = new NamespaceLab();
        for (String address : new String[] {"10.90.2.2", "10.90.2.3"}) {
            lab.on("online", "neigh replace " + address + " dev target lladdr 02:00:00:00:02:02 nud permanent");
        }
    }

    @AfterEach
    void removeHosts() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void firewallOnOutputIsEperm() throws Exception {
        assertRefused(
                Errno.EPERM,
                () -> lab.exec("online", "iptables -A OUTPUT -d 10.90.2.2 -j DROP"),
                () -> lab.exec("online", "iptables -F OUTPUT"));
    }

    @Test
    void narrowDeviceIsEmsgsize() throws Exception {
        assertRefused(
                Errno.EMSGSIZE,
                () -> lab.on("online", "link set target mtu 576"),
                () -> lab.on("online", "link set target mtu 1500"));
    }

    @Test
    void missingRouteIsEnetunreach() throws Exception {
        assertRefused(
                Errno.ENETUNREACH,
                () -> lab.on("online", "route del 10.90.2.0/24"),
                () -> lab.on("online", "route add 10.90.2.0/24 dev target"));
    }

    @Test
    void deviceThatIsDownIsEnetunreach() throws Exception {
        // Its routes go with it.
        assertRefused(Errno.ENETUNREACH, () -> lab.on("online", "link set target down"), () -> {
            lab.on("online", "link set target up");
            lab.on("online", "neigh replace 10.90.2.2 dev target lladdr 02:00:00:00:02:02 nud permanent");
        });
    }

    @Test
    void routeThatSaysUnreachableIsEhostunreach() throws Exception {
        assertRefused(
                Errno.EHOSTUNREACH,
                () -> lab.on("online", "route add unreachable 10.90.2.2"),
                () -> lab.on("online", "route del unreachable 10.90.2.2"));
    }

    @Test
    void routeThatForbidsIsEacces() throws Exception {
        assertRefused(
                Errno.EACCES,
                () -> lab.on("online", "route add prohibit 10.90.2.2"),
                () -> lab.on("online", "route del prohibit 10.90.2.2"));
    }

    @Test
    void routeIntoNothingIsEinval() throws Exception {
        assertRefused(
                Errno.EINVAL,
                () -> lab.on("online", "route add blackhole 10.90.2.2"),
                () -> lab.on("online", "route del blackhole 10.90.2.2"));
    }

    @Test
    void errorOfOnePacketCostsThoseAroundItNothing() throws Exception {
        lab.on("online", "route add prohibit 10.90.2.3");

        onOnlineHost((driver, sink) -> {
            for (ByteBuffer each : new ByteBuffer[] {packet, packet, toOther, packet, toOther, toOther, packet}) {
                sink.send(TestPackets.view(each));
            }
            sink.flush();

            assertThat(sink.counters().get(InjectCounter.SENT)).isEqualTo(4);
            assertThat(sink.counters().errors(Errno.EACCES)).isEqualTo(3);
        });
        assertThat(packetsAtTarget()).isEqualTo(4);
    }

    @Test
    void packetThatARouteFindsTooLongIsNotAnsweredToTheClient() throws Exception {
        ByteBuffer segment =
                TestPackets.tcp(NamespaceLab.CLIENT, NamespaceLab.TARGET, PORT, TcpHeader.ACK, 1, new byte[PAYLOAD]);
        lab.on("online", "route add 10.90.2.2 dev target mtu 576");

        onOnlineHost((driver, sink) -> {
            sink.send(TestPackets.view(segment));
            sink.flush();
        });

        assertThat(lab.snmp("client", "Icmp", "InMsgs")).isZero();
    }

    @Test
    void socketIsQuietInTheLoopAfterPacketsTooLong() throws Exception {
        lab.on("online", "link set target mtu 576");

        onOnlineHost((driver, sink) -> {
            for (int i = 0; i < 100; i++) {
                sink.send(TestPackets.view(packet));
            }
            sink.flush();
            assertThat(sink.counters().errors(Errno.EMSGSIZE)).isEqualTo(100);

            int queued = Libc.receive(sink.fd(), 0, 0, Libc.MSG_ERRQUEUE);
            assertThat(queued).isEqualTo(-Errno.EAGAIN);
        });
    }

    /** The kernel queues the error of a packet that others leave before, and once more when that comes first. */
    @Test
    void socketIsQuietInTheLoopAfterAPacketTooLongBehindAnother() throws Exception {
        lab.on("online", "link set target mtu 576");
        ByteBuffer shortPacket =
                TestPackets.tcp(NamespaceLab.CLIENT, NamespaceLab.TARGET, PORT, TcpHeader.ACK, 1, new byte[1]);

        onOnlineHost((driver, sink) -> {
            sink.send(TestPackets.view(shortPacket));
            sink.send(TestPackets.view(packet));
            sink.flush();
            assertThat(sink.counters().errors(Errno.EMSGSIZE)).isOne();

            int queued = Libc.receive(sink.fd(), 0, 0, Libc.MSG_ERRQUEUE);
            assertThat(queued).isEqualTo(-Errno.EAGAIN);
        });
    }

    /** A packet is refused while something is wrong, and the next one leaves when it is mended. */
    private void assertRefused(int errno, LabAction harm, LabAction mend) throws Exception {
        onOnlineHost((driver, sink) -> {
            harm.run();
            sink.send(TestPackets.view(packet));
            sink.flush();
            assertThat(sink.counters().errors(errno)).isOne();
            assertThat(sink.counters().get(InjectCounter.FAILED)).isOne();
            assertThat(sink.counters().get(InjectCounter.SENT)).isZero();

            mend.run();
            sink.send(TestPackets.view(packet));
            sink.flush();
            assertThat(sink.counters().get(InjectCounter.SENT)).isOne();
            assertThat(sink.counters().get(InjectCounter.FAILED)).isOne();
        });
        assertThat(packetsAtTarget()).isOne();
        assertThat(lab.snmp("client", "Icmp", "InMsgs")).isZero();
    }

    /** Nobody listens: the target's kernel takes them and counts. */
    private long packetsAtTarget() throws Exception {
        return lab.snmp("target", "Udp", "NoPorts");
    }

    private void onOnlineHost(SinkAction action) throws Exception {
        lab.in("online", () -> {
            try (LoopDriver driver = new LoopDriver();
                    SocketSink sink = new SocketSink(
                            driver.loop(),
                            TARGETS,
                            new FakeGate(),
                            new RawOutlet(),
                            new InjectCounters(driver.loop()::nowNs))) {
                driver.loop().onTurnEnd(sink::flush);
                action.run(driver, sink);
            }
            return null;
        });
    }

    @FunctionalInterface
    private interface LabAction {
        void run() throws Exception;
    }

    @FunctionalInterface
    private interface SinkAction {
        void run(LoopDriver driver, SocketSink sink) throws Exception;
    }
}
