package io.tcpcopy.inject.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.SocketSink;
import io.tcpcopy.inject.Targets;
import io.tcpcopy.inject.TestPackets;
import io.tcpcopy.inject.TunDevice;
import io.tcpcopy.inject.route.NeighbourGuard;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopDriver;
import io.tcpcopy.net.PrivateNetwork;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.UdpHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What leaves on a device that leaves nothing to a card: each packet is looked at as its receiver would. */
@Timeout(60)
class FrameOutletTest {
    private static final int CLIENT = 0x0A010101;
    private static final int TARGET = 0x0A5C0002;
    private static final int PORT = 80;
    private static final int SEQ = 7000;
    private static final int MTU = 1500;
    private static final String ETHERNET = "020a000000f2020a000000f10800";

    @Test
    void shortPacketIsAFrame() throws Exception {
        onTap((sink, tap) -> {
            send(sink, TcpHeader.ACK | TcpHeader.PSH, bytes(100), 1000);

            List<ByteBuffer> frames = read(tap);
            assertThat(frames).hasSize(1);
            assertPayload(withoutEthernet(frames), bytes(100), TcpHeader.ACK | TcpHeader.PSH);
        });
    }

    @Test
    void longPacketIsCutIntoSegments() throws Exception {
        onTap((sink, tap) -> {
            send(sink, TcpHeader.ACK | TcpHeader.PSH | TcpHeader.FIN, bytes(60_000), 1000);

            List<ByteBuffer> frames = read(tap);
            assertThat(frames).hasSize(60);
            assertPayload(withoutEthernet(frames), bytes(60_000), TcpHeader.ACK | TcpHeader.PSH | TcpHeader.FIN);
            assertThat(sink.counters().get(InjectCounter.SENT)).isOne();
        });
    }

    @Test
    void segmentsAreAsLongAsTheWayTakesAtMost() throws Exception {
        onTap((sink, tap) -> {
            send(sink, TcpHeader.ACK, bytes(5000), 3000);

            List<ByteBuffer> frames = withoutEthernet(read(tap));
            assertThat(frames.get(0).capacity()).isEqualTo(MTU);
            assertPayload(frames, bytes(5000), TcpHeader.ACK);
        });
    }

    @Test
    void identificationsFollowEachOtherOverSegmentsAndPackets() throws Exception {
        onTap((sink, tap) -> {
            send(sink, TcpHeader.ACK, bytes(3000), 1000);
            send(sink, TcpHeader.ACK, bytes(10), 1000);

            List<Integer> ids = withoutEthernet(read(tap)).stream()
                    .map(packet -> new Ipv4Header().wrap(packet, 0).id())
                    .toList();
            assertThat(ids).hasSize(4).doesNotHaveDuplicates().doesNotContain(0);
        });
    }

    @Test
    void urgentPointerIsRightInEachSegment() throws Exception {
        onTap((sink, tap) -> {
            ByteBuffer packet = TestPackets.tcp(CLIENT, TARGET, PORT, TcpHeader.ACK | TcpHeader.URG, SEQ, bytes(3000));
            new TcpHeader().wrap(packet, Ipv4Header.MIN_LENGTH).urgentPointer(1500);
            sink.send(TestPackets.view(packet, 1000));
            sink.flush();

            List<TcpHeader> segments = withoutEthernet(read(tap)).stream()
                    .map(segment -> new TcpHeader().wrap(segment, Ipv4Header.MIN_LENGTH))
                    .toList();
            assertThat(segments).extracting(TcpHeader::urgentPointer).containsExactly(1500, 500, 0);
            assertThat(segments)
                    .extracting(segment -> segment.has(TcpHeader.URG))
                    .containsExactly(true, true, false);
        });
    }

    @Test
    void longDatagramIsCutIntoFragments() throws Exception {
        onTap((sink, tap) -> {
            sink.send(TestPackets.view(TestPackets.udp(CLIENT, TARGET, PORT, bytes(4000))));
            sink.flush();

            List<ByteBuffer> fragments = withoutEthernet(read(tap));
            assertThat(fragments).hasSize(3);
            ByteBuffer datagram = ByteBuffer.allocate(UdpHeader.LENGTH + 4000);
            for (ByteBuffer fragment : fragments) {
                assertThat(new Ipv4Header().wrap(fragment, 0).fragmentOffset()).isEqualTo(datagram.position());
                datagram.put(fragment.position(Ipv4Header.MIN_LENGTH));
            }
            assertThat(new UdpHeader().wrap(datagram, 0).checksum())
                    .isEqualTo(Checksum.udp(datagram, CLIENT, TARGET, 0, datagram.capacity()));
        });
    }

    @Test
    void deviceWithoutALinkLayerGetsIpPackets() throws Exception {
        PrivateNetwork.run(() -> {
            try (TunDevice tun = TunDevice.tun("tunnel")) {
                PrivateNetwork.ip("addr add 10.92.0.1/24 dev tunnel");
                PrivateNetwork.ip("link set tunnel up");
                withSink(sink -> {
                    send(sink, TcpHeader.ACK, bytes(20_000), 1000);

                    assertPayload(read(tun), bytes(20_000), TcpHeader.ACK);
                });
            }
        });
    }

    private static void assertPayload(List<ByteBuffer> packets, byte[] payload, int flags) {
        ByteArrayOutputStream arrived = new ByteArrayOutputStream();
        for (int i = 0; i < packets.size(); i++) {
            ByteBuffer packet = packets.get(i);
            Ipv4Header ip = new Ipv4Header().wrap(packet, 0);
            assertThat(ip.totalLength()).isEqualTo(packet.capacity()).isLessThanOrEqualTo(MTU);
            assertThat(ip.checksum()).isEqualTo(Checksum.ipv4(packet, 0, Ipv4Header.MIN_LENGTH));
            TcpHeader tcp = new TcpHeader().wrap(packet, Ipv4Header.MIN_LENGTH);
            int length = packet.capacity() - Ipv4Header.MIN_LENGTH;
            assertThat(tcp.checksum()).isEqualTo(Checksum.tcp(packet, CLIENT, TARGET, Ipv4Header.MIN_LENGTH, length));
            assertThat(tcp.seq()).isEqualTo(SEQ + arrived.size());
            boolean isLast = i == packets.size() - 1;
            assertThat(tcp.flags()).isEqualTo(isLast ? flags : flags & ~(TcpHeader.PSH | TcpHeader.FIN));
            arrived.write(packet.array(), packet.arrayOffset() + 40, packet.capacity() - 40);
        }
        assertThat(arrived.toByteArray()).isEqualTo(payload);
    }

    private static void send(SocketSink sink, int flags, byte[] payload, int segmentSize) {
        sink.send(TestPackets.view(TestPackets.tcp(CLIENT, TARGET, PORT, flags, SEQ, payload), segmentSize));
        sink.flush();
    }

    private static List<ByteBuffer> read(TunDevice device) {
        List<ByteBuffer> packets = new ArrayList<>();
        for (var packet = device.read(); packet.isPresent(); packet = device.read()) {
            packets.add(packet.get());
        }
        return packets.stream().filter(packet -> isFromClient(packet)).toList();
    }

    /** The kernel itself says something on new devices. */
    private static boolean isFromClient(ByteBuffer packet) {
        for (int ip : new int[] {0, 14}) {
            if (packet.capacity() > ip + Ipv4Header.MIN_LENGTH
                    && new Ipv4Header().wrap(packet, ip).source() == CLIENT) {
                return true;
            }
        }
        return false;
    }

    private static List<ByteBuffer> withoutEthernet(List<ByteBuffer> frames) {
        return frames.stream()
                .map(frame -> {
                    assertThat(frame.array()).startsWith(HexFormat.of().parseHex(ETHERNET));
                    return frame.slice(14, frame.capacity() - 14);
                })
                .toList();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private interface OnTap {
        void run(SocketSink sink, TunDevice tap) throws Exception;
    }

    private interface WithSink {
        void run(SocketSink sink) throws Exception;
    }

    private static void onTap(OnTap action) throws Exception {
        PrivateNetwork.run(() -> {
            try (TunDevice tap = TunDevice.tap("wire")) {
                PrivateNetwork.ip("link set wire address 02:0a:00:00:00:f1");
                PrivateNetwork.ip("link set wire up");
                PrivateNetwork.ip("addr add 10.92.0.1/24 dev wire");
                PrivateNetwork.ip("neigh replace 10.92.0.2 dev wire lladdr 02:0a:00:00:00:f2 nud permanent");
                withSink(sink -> action.run(sink, tap));
            }
        });
    }

    private static void withSink(WithSink action) throws Exception {
        Targets targets = new Targets(List.of(Endpoint.ipv4(TARGET, PORT)));
        try (LoopDriver driver = new LoopDriver()) {
            EventLoop loop = driver.loop();
            try (NeighbourGuard guard = new NeighbourGuard(loop, targets)) {
                InjectCounters counters = new InjectCounters(loop::nowNs);
                try (FramePaths paths = new FramePaths(loop, targets, guard);
                        SocketSink sink = new SocketSink(loop, targets, paths, new FrameOutlet(paths), counters)) {
                    action.run(sink);
                }
            }
        }
    }
}
