package io.tcpcopy.inject.raw;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.tcpcopy.flow.Address;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.TestPackets;
import io.tcpcopy.loop.LoopDriver;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.Ipv4Header;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Injects into loopback, where a JDK socket takes the packets: the kernel judges each of them. */
@Timeout(30)
class RawSocketSinkTest {
    /** The source that the packets claim: 127.0.1.2. */
    private static final int CLIENT = 0x7F000102;

    private static final int OTHER_TARGET = 0x7F000002;

    private final FakeGate gate = new FakeGate();
    private LoopDriver driver;
    private RawSocketSink sink;
    private DatagramSocket target;

    @BeforeEach
    void open() throws Exception {
        driver = new LoopDriver();
        try {
            sink = new RawSocketSink(driver.loop(), gate);
            driver.loop().onTurnEnd(sink::flush);
        } catch (StartException e) {
            abort(e.getMessage());
        }
        target = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        target.setReceiveBufferSize(1 << 20);
        target.setSoTimeout(5000);
    }

    @AfterEach
    void close() {
        if (sink != null) {
            sink.close();
            target.close();
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
        for (int i = 0; i < 1024; i++) {
            assertThat(sink.isBatchFull()).isFalse();
            inject("packet " + i);
        }
        assertThat(sink.isBatchFull()).isTrue();

        sink.flush();
        assertThat(sink.isBatchFull()).isFalse();
        assertThat(count(InjectCounter.SENT)).isEqualTo(1024);
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
            sink.send(packet, 0, packet.capacity());
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
        sink.send(broken, 0, broken.capacity());
        inject("behind");
        sink.flush();

        assertThat(text(receive())).isEqualTo("before");
        assertThat(text(receive())).isEqualTo("behind");
        assertThat(count(InjectCounter.SENT)).isEqualTo(2);
        assertThat(count(InjectCounter.FAILED)).isOne();
        assertThat(sink.counters().errors(Errno.EINVAL)).isOne();
    }

    @Test
    void packetOfImpossibleLengthIsCountedAndNotRead() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Ipv4Header.MAX_TOTAL_LENGTH + 1);
        sink.send(bytes, 0, Ipv4Header.MIN_LENGTH - 1);
        sink.send(bytes, 0, Ipv4Header.MAX_TOTAL_LENGTH + 1);

        assertThat(sink.counters().errors(Errno.EINVAL)).isOne();
        assertThat(sink.counters().errors(Errno.EMSGSIZE)).isOne();
        assertThat(count(InjectCounter.FAILED)).isEqualTo(2);
    }

    @Test
    void packetsForAClosedGateAreDroppedAndTheOthersLeave() throws Exception {
        gate.closed.add(OTHER_TARGET);
        inject("first");
        ByteBuffer held = TestPackets.udp(CLIENT, OTHER_TARGET, target.getLocalPort(), new byte[10]);
        sink.send(held, 0, held.capacity());
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
        gate.closed.add(Address.LOOPBACK.bits());
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

    /** The packet is not at index 0, as it is not in a capture buffer either. */
    private void inject(String payload) {
        ByteBuffer packet =
                TestPackets.udp(CLIENT, Address.LOOPBACK.bits(), target.getLocalPort(), payload.getBytes(US_ASCII));
        ByteBuffer frame = ByteBuffer.allocateDirect(packet.capacity() + 14);
        frame.put(14, packet, 0, packet.capacity());
        sink.send(frame, 14, packet.capacity());
    }

    private long count(InjectCounter counter) {
        return sink.counters().get(counter);
    }

    private DatagramPacket receive() throws IOException {
        DatagramPacket received = new DatagramPacket(new byte[100], 100);
        target.receive(received);
        return received;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), US_ASCII);
    }
}
