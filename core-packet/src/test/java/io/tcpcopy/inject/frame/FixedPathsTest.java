package io.tcpcopy.inject.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.SocketSink;
import io.tcpcopy.inject.Targets;
import io.tcpcopy.inject.TestPackets;
import io.tcpcopy.logging.LoggedLines;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopDriver;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.PrivateNetwork;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.UdpHeader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;

/** A link of two devices: frames leave on one, and the test sees what comes out of the other. */
@Timeout(60)
class FixedPathsTest {
    private static final int CLIENT = 0x0A010101;
    private static final int TARGET = 0x0A020002;
    private static final int OTHER_TARGET = 0x0A020003;
    private static final int PORT = 80;
    private static final int ETHERNET_LENGTH = 14;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(10);

    private static final Targets TARGETS =
            new Targets(List.of(Endpoint.ipv4(TARGET, PORT), Endpoint.ipv4(OTHER_TARGET, PORT)));
    private static final FrameSettings SETTINGS = new FrameSettings(
            "here",
            List.of(
                    new FrameRoute(Address.ipv4(TARGET), 0x020A000000F1L, 0x020A000000F2L),
                    new FrameRoute(Address.ipv4(OTHER_TARGET), 0x020A000000F1L, 0x020A000000F3L)));

    @Test
    void framesCarryTheAddressesOfTheirTargetAndWholePackets() throws Exception {
        onLink((driver, sink, there) -> {
            inject(sink, TARGET, 100);
            inject(sink, OTHER_TARGET, 101);
            sink.flush();

            assertFrame(receive(there), "020a000000f2020a000000f10800", TARGET, 100);
            assertFrame(receive(there), "020a000000f3020a000000f10800", OTHER_TARGET, 101);
            assertThat(count(sink, InjectCounter.SENT)).isEqualTo(2);
        });
    }

    private static void assertFrame(byte[] frame, String ethernet, int target, int payload) {
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        assertThat(frame).startsWith(HexFormat.of().parseHex(ethernet));
        ByteBuffer expected = packet(target, payload);
        Ipv4Header ip = new Ipv4Header().wrap(expected, 0);
        ip.id(buffer.getShort(ETHERNET_LENGTH + 4) & 0xFFFF);
        ip.checksum(Checksum.ipv4(expected, 0, Ipv4Header.MIN_LENGTH));
        int length = expected.capacity() - Ipv4Header.MIN_LENGTH;
        new UdpHeader()
                .wrap(expected, Ipv4Header.MIN_LENGTH)
                .checksum(Checksum.udp(expected, CLIENT, target, Ipv4Header.MIN_LENGTH, length));
        assertThat(buffer.slice(ETHERNET_LENGTH, frame.length - ETHERNET_LENGTH))
                .isEqualTo(expected.flip());
    }

    @Test
    void nothingLeavesBeforeTheFlush() throws Exception {
        onLink((driver, sink, there) -> {
            inject(sink, TARGET, 10);

            assertThat(count(sink, InjectCounter.SENT)).isZero();
            sink.flush();
            assertThat(count(sink, InjectCounter.SENT)).isOne();
        });
    }

    @Test
    void packetForAnAddressWithoutARouteIsNotSentAnywhere() throws Exception {
        onLink((driver, sink, there) -> {
            inject(sink, CLIENT, 10);
            inject(sink, TARGET, 11);
            sink.flush();

            assertFrame(receive(there), "020a000000f2020a000000f10800", TARGET, 11);
            assertThat(sink.counters().errors(Errno.EHOSTUNREACH)).isOne();
            assertThat(count(sink, InjectCounter.FAILED)).isOne();
        });
    }

    @Test
    void theDevicesMtuIsTheLimitAndIsFollowed() throws Exception {
        onLink((driver, sink, there) -> {
            assertThat(sink.mtu()).isEqualTo(1500);
            inject(sink, TARGET, 1500 - TestPackets.HEADERS_LENGTH);
            inject(sink, TARGET, 1501 - TestPackets.HEADERS_LENGTH);
            sink.flush();
            assertThat(receive(there)).hasSize(ETHERNET_LENGTH + 1500);
            // In two fragments, whose payload but for that of the last one is a multiple of 8.
            assertThat(receive(there)).hasSize(ETHERNET_LENGTH + 1500);
            assertThat(receive(there)).hasSize(ETHERNET_LENGTH + Ipv4Header.MIN_LENGTH + 1);
            assertThat(count(sink, InjectCounter.SENT)).isEqualTo(2);

            PrivateNetwork.ip("link set here mtu 900");
            // Not noticed yet: the kernel says it.
            inject(sink, TARGET, 1500 - TestPackets.HEADERS_LENGTH);
            sink.flush();
            assertThat(sink.counters().errors(Errno.EMSGSIZE)).isOne();
            driver.runUntil("the MTU is noticed", () -> sink.mtu() == 900);
        });
    }

    @Test
    void aDeviceThatIsDownIsCountedAndUsedWhenItIsUp() throws Exception {
        onLink((driver, sink, there) -> {
            PrivateNetwork.ip("link set here down");
            for (int i = 0; i < 3; i++) {
                inject(sink, TARGET, 10);
            }
            sink.flush();
            assertThat(sink.counters().errors(Errno.ENETDOWN)).isEqualTo(3);

            PrivateNetwork.ip("link set here up");
            driver.runUntil("packets leave again", () -> {
                inject(sink, TARGET, 10);
                sink.flush();
                return count(sink, InjectCounter.SENT) > 0;
            });
        });
    }

    @Test
    void aDeviceThatIsRemovedIsOpenedAgain() throws Exception {
        onLink((driver, sink, there) -> {
            PrivateNetwork.ip("link del here");
            inject(sink, TARGET, 10);
            sink.flush();
            assertThat(sink.counters().errors(Errno.ENXIO)).isOne();
            driver.runUntil("it is noticed", () -> !sink.isReady());

            connect();
            driver.runUntil("packets leave again", () -> {
                inject(sink, TARGET, 10);
                sink.flush();
                return count(sink, InjectCounter.SENT) > 0;
            });
        });
    }

    @Test
    void aDeviceThatIsReplacedBetweenTwoLooksIsSaidToBeGoneAndBack() throws Exception {
        onLink((driver, sink, there) -> {
            try (LoggedLines log = new LoggedLines(FixedPaths.class)) {
                PrivateNetwork.ip("link del here");
                connect();
                driver.runUntil("packets leave again", () -> {
                    inject(sink, TARGET, 10);
                    sink.flush();
                    return count(sink, InjectCounter.SENT) > 0;
                });

                assertThat(log.all())
                        .containsExactly(
                                "the device here is gone; nothing is injected until it is back",
                                "injecting on here again");
            }
        });
    }

    @Test
    void packetsThatNeverLeftAreCountedAsDroppedAtTheEnd() throws Exception {
        onLink((driver, sink, there) -> {
            inject(sink, TARGET, 10);
            inject(sink, TARGET, 10);
            sink.giveUp();

            assertThat(count(sink, InjectCounter.DROPPED)).isEqualTo(2);
            sink.flush();
            assertThat(count(sink, InjectCounter.SENT)).isZero();
        });
    }

    @Test
    void allocatesNothingForAPacket() throws Exception {
        onLink((driver, sink, there) -> {
            int packets = 20_000;

            long allocated = allocatedBy(sink, packets);

            assertThat(count(sink, InjectCounter.SENT)).isEqualTo(2 * packets);
            // The measurement itself and the compiler's switch to faster code take a little.
            assertThat(allocated / packets).isLessThan(8);
        });
    }

    /** How many bytes the second of two rounds of so many packets takes. */
    private static long allocatedBy(SocketSink sink, int packets) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        OutgoingPacket packet = TestPackets.view(packet(TARGET, 100));
        long allocated = 0;
        for (int round = 0; round < 2; round++) {
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int i = 0; i < packets; i++) {
                sink.send(packet);
                sink.flush();
            }
            allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        }
        return allocated;
    }

    @Test
    void aPacketThatTheKernelRefusesIsCountedByItsErrorAndAllocatesNothing() throws Exception {
        onLink((driver, sink, there) -> {
            PrivateNetwork.ip("link set here down");
            int packets = 20_000;

            long allocated = allocatedBy(sink, packets);

            assertThat(sink.counters().errors(Errno.ENETDOWN)).isEqualTo(2 * packets);
            assertThat(allocated / packets).isLessThan(8);
        });
    }

    @Test
    void saysWhatIsWrongWithADevice() throws Exception {
        onLink((driver, sink, there) -> {
            assertThatThrownBy(() -> open(driver, "nowhere"))
                    .isInstanceOf(UnusableDeviceException.class)
                    .hasMessage("there is no device nowhere");

            PrivateNetwork.ip("tuntap add dev tunnel mode tun");
            assertThatThrownBy(() -> open(driver, "tunnel"))
                    .isInstanceOf(StartException.class)
                    .hasMessage("TC103: the device tunnel is down");

            PrivateNetwork.ip("link set tunnel up");
            assertThatThrownBy(() -> open(driver, "tunnel"))
                    .isInstanceOf(UnusableDeviceException.class)
                    .hasMessage("the device tunnel is not one for Ethernet");
        });
    }

    private static void open(LoopDriver driver, String device) throws Exception {
        new FixedPaths(driver.loop(), new Targets(List.of()), new FrameSettings(device, List.of())).close();
    }

    /** What a test does with the two ends of a link. */
    private interface Body {
        void run(LoopDriver driver, SocketSink sink, PcapHandle there) throws Exception;
    }

    private static void onLink(Body body) throws Exception {
        PrivateNetwork.run(() -> {
            connect();
            try (PcapHandle there =
                            new PcapHandle.Builder("there").immediateMode(true).build();
                    LoopDriver driver = new LoopDriver();
                    SocketSink sink = sink(driver)) {
                driver.loop().onTurnEnd(sink::flush);
                there.setFilter("ip", BpfCompileMode.OPTIMIZE);
                there.setBlockingMode(BlockingMode.NONBLOCKING);
                body.run(driver, sink, there);
            }
        });
    }

    private static SocketSink sink(LoopDriver driver) throws Exception {
        EventLoop loop = driver.loop();
        FixedPaths paths = new FixedPaths(loop, TARGETS, SETTINGS);
        InjectCounters counters = new InjectCounters(loop::nowNs);
        return new SocketSink(loop, TARGETS, paths, new FrameOutlet(paths), counters, paths::close);
    }

    private static void connect() throws Exception {
        PrivateNetwork.ip("link add here type veth peer name there");
        PrivateNetwork.ip("link set here up");
        PrivateNetwork.ip("link set there up");
    }

    private static ByteBuffer packet(int target, int payload) {
        return TestPackets.udp(CLIENT, target, PORT, new byte[payload]);
    }

    private static void inject(SocketSink sink, int target, int payload) {
        sink.send(TestPackets.view(packet(target, payload)));
    }

    private static long count(SocketSink sink, InjectCounter counter) {
        return sink.counters().get(counter);
    }

    private static byte[] receive(PcapHandle there) throws Exception {
        long start = System.nanoTime();
        byte[] frame = there.getNextRawPacket();
        while (frame == null) {
            assertThat(System.nanoTime() - start).as("time").isLessThan(DEADLINE_NS);
            frame = there.getNextRawPacket();
        }
        return frame;
    }
}
