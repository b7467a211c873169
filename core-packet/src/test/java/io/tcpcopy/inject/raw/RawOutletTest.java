package io.tcpcopy.inject.raw;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.FakeGate;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.SocketSink;
import io.tcpcopy.inject.Targets;
import io.tcpcopy.inject.TestPackets;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopDriver;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Injects into loopback, where a JDK socket takes the packets: the kernel judges each of them. */
@Timeout(30)
class RawOutletTest {
    /** The source that the packets claim: 127.0.1.2. */
    private static final int CLIENT = 0x7F000102;

    private static final int OTHER_TARGET = 0x7F000002;

    private final FakeGate gate = new FakeGate();
    private LoopDriver driver;
    private SocketSink sink;
    private DatagramSocket target;

    @BeforeEach
    void open() throws Exception {
        driver = new LoopDriver();
        try {
            target = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            Targets targets = new Targets(List.of(
                    new Endpoint(Address.LOOPBACK, target.getLocalPort()),
                    Endpoint.ipv4(OTHER_TARGET, target.getLocalPort())));
            EventLoop loop = driver.loop();
            sink = new SocketSink(loop, targets, gate, new RawOutlet(), new InjectCounters(loop::nowNs));
            loop.onTurnEnd(sink::flush);
        } catch (StartException e) {
            abort(e.getMessage());
        }
        target.setReceiveBufferSize(1 << 20);
        target.setSoTimeout(5000);
    }

    @AfterEach
    void close() {
        target.close();
        if (sink != null) {
            sink.close();
        }
        driver.close();
    }

    @Test
    void packetArrivesWithTheClientsAddress() throws Exception {
        inject("request");
        sink.flush();

        DatagramPacket received = receive();
        assertThat(text(received)).isEqualTo("request");
        assertThat(received.getAddress().getHostAddress())
                .isEqualTo(Address.ipv4(CLIENT).toString());
        assertThat(received.getPort()).isEqualTo(TestPackets.CLIENT_PORT);
        assertThat(count(InjectCounter.SENT)).isOne();
    }

    @Test
    void nothingLeavesBeforeTheFlush() {
        inject("early");

        assertThat(count(InjectCounter.SENT)).isZero();
    }

    @Test
    void fullBatchIsToBeFlushed() {
        for (int i = 0; i < 256; i++) {
            assertThat(sink.isBatchFull()).isFalse();
            inject("packet " + i);
        }
        assertThat(sink.isBatchFull()).isTrue();

        sink.flush();
        assertThat(sink.isBatchFull()).isFalse();
        assertThat(count(InjectCounter.SENT)).isEqualTo(256);
    }

    @Test
    void packetsLeaveInOrderOverManyBatches() throws Exception {
        for (int i = 0; i < 300; i++) {
            inject("packet " + i);
        }
        sink.flush();

        for (int i = 0; i < 300; i++) {
            assertThat(text(receive())).isEqualTo("packet " + i);
        }
    }

    @Test
    void longestPacketsFillTheQueueSeveralTimes() {
        byte[] longest = new byte[Ipv4Header.MAX_TOTAL_LENGTH - TestPackets.HEADERS_LENGTH];
        ByteBuffer packet = TestPackets.udp(CLIENT, Address.LOOPBACK.bits(), target.getLocalPort(), longest);
        for (int i = 0; i < 40; i++) {
            if (sink.isBatchFull()) {
                sink.flush();
            }
            sink.send(TestPackets.view(packet));
        }
        sink.flush();

        assertThat(count(InjectCounter.SENT)).isEqualTo(40);
    }

    @Test
    void refusedPacketIsCountedAndTheOthersLeave() throws Exception {
        inject("before");
        // An IP header that is longer than the packet.
        ByteBuffer broken = TestPackets.udp(CLIENT, Address.LOOPBACK.bits(), target.getLocalPort(), new byte[0]);
        broken.put(0, (byte) 0x4F);
        sink.send(TestPackets.view(broken));
        inject("behind");
        sink.flush();

        assertThat(text(receive())).isEqualTo("before");
        assertThat(text(receive())).isEqualTo("behind");
        assertThat(count(InjectCounter.SENT)).isEqualTo(2);
        assertThat(count(InjectCounter.FAILED)).isOne();
        assertThat(sink.counters().errors(Errno.EINVAL)).isOne();
    }

    @Test
    void packetForAnAddressThatIsNoTargetIsNotSentAnywhere() {
        ByteBuffer packet = TestPackets.udp(CLIENT, OTHER_TARGET + 1, target.getLocalPort(), new byte[1]);
        sink.send(TestPackets.view(packet));

        assertThat(sink.counters().errors(Errno.EHOSTUNREACH)).isOne();
        assertThat(count(InjectCounter.FAILED)).isOne();
    }

    @Test
    void longDatagramArrivesInFragments() throws Exception {
        gate.mtu = 600;
        inject("x".repeat(5000));
        sink.flush();

        assertThat(receive().getLength()).isEqualTo(5000);
        assertThat(count(InjectCounter.SENT)).isOne();
    }

    @Test
    void packetsForAClosedGateAreDroppedAndTheOthersLeave() throws Exception {
        gate.closed.add(1);
        inject("first");
        ByteBuffer held = TestPackets.udp(CLIENT, OTHER_TARGET, target.getLocalPort(), new byte[10]);
        sink.send(TestPackets.view(held));
        inject("second");
        sink.flush();

        assertThat(text(receive())).isEqualTo("first");
        assertThat(text(receive())).isEqualTo("second");
        assertThat(count(InjectCounter.NEXT_HOP_SILENT)).isOne();
        assertThat(count(InjectCounter.SENT)).isEqualTo(2);
        assertThat(gate.refreshed).isOne();
    }

    @Test
    void gateThatOpensAgainLetsPacketsThrough() throws Exception {
        gate.closed.add(0);
        inject("held");
        sink.flush();
        gate.closed.clear();
        inject("through");
        sink.flush();

        assertThat(text(receive())).isEqualTo("through");
    }

    @Test
    void packetsThatNeverLeftAreCountedAsDroppedAtTheEnd() {
        inject("first");
        inject("second");
        sink.giveUp();

        assertThat(count(InjectCounter.DROPPED)).isEqualTo(2);
        sink.flush();
        assertThat(count(InjectCounter.SENT)).isZero();
    }

    /** Headers and payload stand in different places, as in a session's memory. */
    private void inject(String payload) {
        ByteBuffer headers = TestPackets.udp(CLIENT, Address.LOOPBACK.bits(), target.getLocalPort(), new byte[0]);
        ByteBuffer memory = ByteBuffer.allocateDirect(payload.length() + 14);
        memory.put(14, payload.getBytes(US_ASCII));
        sink.send(new OutgoingPacket()
                .headers(headers, 0, headers.capacity())
                .payload(memory, 14, payload.length(), Ipv4Header.MAX_TOTAL_LENGTH));
    }

    private long count(InjectCounter counter) {
        return sink.counters().get(counter);
    }

    private DatagramPacket receive() throws IOException {
        DatagramPacket received = new DatagramPacket(new byte[10_000], 10_000);
        target.receive(received);
        return received;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), US_ASCII);
    }
}
