package io.tcpcopy.capture.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.SourceLostException;
import io.tcpcopy.flow.Address;
import io.tcpcopy.net.PrivateNetwork;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.ChecksumState;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A real queue, in a network namespace of the test's own. Nothing listens there, so each SYN is answered with RST. */
class QueueSourceTest {
    private static final int LIMIT = 256;
    private static final int PORT = 80;
    private static final int LENGTH = 1024;
    private static final int SNAPSHOT_LENGTH = 120;
    private static final int PASSED = 0x7F000003;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(10);

    /** Flags and destination of what was handed over. */
    private final List<String> handedOver = new ArrayList<>();

    private final List<Integer> wireLengths = new ArrayList<>();

    @Test
    void whatIsHandedOverEndsHereAndWhatIsLetThroughGoesOn() throws Exception {
        withQueue("-p tcp --sport " + PORT, source -> {
            try (SocketChannel stopped = connect("127.0.0.2");
                    SocketChannel passed = connect("127.0.0.3");
                    SocketChannel stoppedToo = connect("127.0.0.2")) {
                until(() -> isRefused(source, passed));

                assertThat(handedOver).containsExactly("RST to 127.0.0.2", "RST to 127.0.0.2");
                assertThat(source.letThrough()).isOne();
                assertThat(stopped.finishConnect()).isFalse();
                assertThat(stoppedToo.finishConnect()).isFalse();
            }
        });
    }

    @Test
    void whatIsNotTcpOverIpv4GoesOn() throws Exception {
        withQueue("-p udp", source -> {
            run("ip6tables -I OUTPUT -p udp -j NFQUEUE");
            try (DatagramSocket socket = new DatagramSocket()) {
                send(socket, "::1", 1000);
                send(socket, "127.0.0.1", 1000);
                until(() -> source.poll(this::note, LIMIT) == 0 && wireLengths.size() == 1 && source.notIpv4() == 1);

                assertThat(receivedFrom(socket)).containsExactlyInAnyOrder("::1", "127.0.0.1");
                assertThat(source.letThrough()).isZero();
            }
        });
    }

    /** The kernel leaves it to the device, but for a datagram that it has to cut. */
    @Test
    void whetherTheChecksumIsFilledInIsToldOfEachPacket() throws Exception {
        withQueue("-p udp", source -> {
            PrivateNetwork.ip("link set lo mtu 1500");
            List<ChecksumState> checksums = new ArrayList<>();
            try (DatagramSocket socket = new DatagramSocket()) {
                send(socket, "127.0.0.1", 100);
                send(socket, "127.0.0.1", 3000);
                send(socket, "127.0.0.1", 100);
                until(() -> {
                    source.poll(packet -> checksums.add(packet.checksum()), LIMIT);
                    return checksums.size() == 3;
                });

                assertThat(checksums)
                        .containsExactly(
                                ChecksumState.NOT_FILLED_IN, ChecksumState.UNKNOWN, ChecksumState.NOT_FILLED_IN);
            }
        });
    }

    @Test
    void onlyTheBeginningOfAPacketIsRead() throws Exception {
        withQueue("-p udp", source -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                send(socket, "127.0.0.1", 1000);
                until(() -> source.poll(
                                packet -> {
                                    assertThat(packet.length()).isEqualTo(SNAPSHOT_LENGTH);
                                    wireLengths.add(packet.wireLength());
                                },
                                LIMIT)
                        == 1);

                assertThat(wireLengths).containsExactly(20 + 8 + 1000);
            }
        });
    }

    @Test
    void noMorePacketsAreHandedOverAtOnceThanAskedForAndNoneIsLost() throws Exception {
        withQueue("-p udp", source -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                for (int i = 0; i < 10; i++) {
                    send(socket, "127.0.0.1", i);
                }
                until(() -> {
                    assertThat(source.poll(this::note, 3)).isLessThanOrEqualTo(3);
                    return wireLengths.size() == 10;
                });

                assertThat(wireLengths).containsExactly(28, 29, 30, 31, 32, 33, 34, 35, 36, 37);
            }
        });
    }

    @Test
    void whatTheKernelDropsIsCounted() throws Exception {
        withQueue("-p udp", source -> {
            int sent = 0;
            for (int i = 0; i < 11; i++) {
                // What waits counts for its socket, which takes no more than 200 of them.
                try (DatagramSocket socket = new DatagramSocket()) {
                    for (int j = 0; j < 100; j++) {
                        send(socket, "127.0.0.1", 1);
                        sent++;
                    }
                }
            }
            assertThat(source.kernelDrops()).isEqualTo(sent - LENGTH);
            until(() -> source.poll(this::note, LIMIT) == 0);

            assertThat(wireLengths).hasSize(LENGTH);
            source.close();
            assertThat(source.kernelDrops()).isEqualTo(sent - LENGTH);
        });
    }

    @Test
    void aHandlerThatFailsCostsOnePacket() throws Exception {
        withQueue("-p udp", source -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                send(socket, "127.0.0.1", 1);
                send(socket, "127.0.0.1", 2);
                assertThatThrownBy(() -> until(() -> source.poll(this::failOnce, LIMIT) > 0))
                        .hasMessage("broken handler");

                assertThat(wireLengths).containsExactly(30);
            }
        });
    }

    @Test
    void itGivesNothingOnceItIsClosed() throws Exception {
        withQueue("-p udp", source -> {
            source.close();

            assertThat(source.descriptor()).isEqualTo(PacketSource.CLOSED);
            assertThatThrownBy(() -> source.poll(this::note, LIMIT))
                    .isInstanceOf(SourceLostException.class)
                    .hasMessage("the capture on NFQUEUE 0 is closed");
        });
    }

    @Test
    void aHandlerMayCloseIt() throws Exception {
        withQueue("-p udp", source -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                send(socket, "127.0.0.1", 1);
                send(socket, "127.0.0.1", 2);

                until(() -> {
                    source.poll(
                            packet -> {
                                note(packet);
                                source.close();
                            },
                            LIMIT);
                    return !wireLengths.isEmpty();
                });

                assertThat(wireLengths).containsExactly(29);
            }
        });
    }

    @Test
    void aQueueThatIsTakenIsRefusedUntilItIsFree() throws Exception {
        withQueue("-p udp", source -> {
            assertThatThrownBy(() -> QueueSource.open(settings()))
                    .isInstanceOf(StartException.class)
                    .hasMessage("cannot take packets from NFQUEUE 0: another program has it");
            source.close();

            try (QueueSource other = QueueSource.open(settings())) {
                assertThat(other.descriptor()).isPositive();
                assertThat(source.reopen()).isFalse();
            }
            assertThat(source.reopen()).isTrue();
        });
    }

    @Test
    void readingAPacketAndItsVerdictAllocateNothing() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        withQueue("-p udp", source -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                long allocated = 0;
                for (int round = 0; round < 100; round++) {
                    if (round == 50) {
                        // The first rounds are for what is made once.
                        allocated = 0;
                    }
                    for (int i = 0; i < 50; i++) {
                        send(socket, "127.0.0.1", 1);
                    }
                    long before = threads.getThreadAllocatedBytes(
                            Thread.currentThread().getId());
                    int count = source.poll(packet -> {}, LIMIT);
                    allocated += threads.getThreadAllocatedBytes(
                                    Thread.currentThread().getId())
                            - before;
                    assertThat(count).isEqualTo(50);
                }
                // A single small object for each packet would be 16 bytes.
                assertThat(allocated).isLessThan(50 * 50 * 16);
            }
        });
    }

    private interface Body {
        void run(QueueSource source) throws Exception;
    }

    private static void withQueue(String match, Body body) throws Exception {
        PrivateNetwork.run(() -> {
            PrivateNetwork.ip("link set lo up");
            run("iptables -I OUTPUT " + match + " -j NFQUEUE");
            try (QueueSource source = QueueSource.open(settings())) {
                body.run(source);
            }
        });
    }

    private static QueueSettings settings() {
        return new QueueSettings(LENGTH, SNAPSHOT_LENGTH, List.of(0x7F0000FE, PASSED));
    }

    private static void run(String command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(command + ": " + output).isZero();
    }

    /** Begins to connect; the answer comes to this address. */
    private static SocketChannel connect(String from) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.bind(new InetSocketAddress(from, 0));
        channel.connect(new InetSocketAddress("127.0.0.1", PORT));
        return channel;
    }

    private boolean isRefused(QueueSource source, SocketChannel channel) throws Exception {
        source.poll(this::note, LIMIT);
        try {
            return channel.finishConnect();
        } catch (ConnectException e) {
            return true;
        }
    }

    /** Sends so many bytes to the socket itself. */
    private static void send(DatagramSocket socket, String address, int bytes) throws IOException {
        socket.send(new DatagramPacket(new byte[bytes], bytes, InetAddress.getByName(address), socket.getLocalPort()));
    }

    private static List<String> receivedFrom(DatagramSocket socket) throws IOException {
        socket.setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(DEADLINE_NS));
        List<String> sources = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            DatagramPacket packet = new DatagramPacket(new byte[1], 1);
            socket.receive(packet);
            sources.add(
                    packet.getAddress().isLoopbackAddress()
                                    && packet.getAddress().getAddress().length == 4
                            ? "127.0.0.1"
                            : "::1");
        }
        return sources;
    }

    private void failOnce(CapturedPacket packet) {
        if (packet.wireLength() == 29) {
            throw new IllegalStateException("broken handler");
        }
        note(packet);
    }

    private void note(CapturedPacket packet) {
        Ipv4Header ip = new Ipv4Header().wrap(packet.buffer(), packet.offset());
        TcpHeader tcp = new TcpHeader().wrap(packet.buffer(), packet.offset() + ip.headerLength());
        wireLengths.add(packet.wireLength());
        if (ip.protocol() == Ipv4Header.PROTOCOL_TCP && tcp.has(TcpHeader.RST)) {
            handedOver.add("RST to " + Address.ipv4(ip.destination()));
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(Condition condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.holds()) {
            assertThat(System.nanoTime() - start).as("time").isLessThan(DEADLINE_NS);
            Thread.onSpinWait();
        }
    }
}
