package io.tcpcopy.loop.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.loop.LoopDriver;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.TcpNetwork;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections on loopback, whose other end is a JDK socket. */
@Timeout(30)
class ConnectionTest {
    private static final int SMALL_KERNEL_BUFFER = 4096;
    private static final int MAX_QUEUED = 64 * 1024;
    /** A message: its number, and zeros. */
    private static final int MESSAGE_LENGTH = 1000;

    private final RecordingHandler handler = new RecordingHandler();
    private final ByteBuffer message = ByteBuffer.allocate(MESSAGE_LENGTH);
    private LoopDriver driver;
    private ServerSocket server;
    private Connection connection;
    private Socket peer;

    @BeforeEach
    void listen() throws Exception {
        driver = new LoopDriver();
        server = new ServerSocket();
        server.setReceiveBufferSize(SMALL_KERNEL_BUFFER);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws Exception {
        if (connection != null) {
            connection.close("end of the test");
        }
        if (peer != null) {
            peer.close();
        }
        server.close();
        driver.close();
    }

    @Test
    void connectionIsOpenOnceTheOtherEndHasAccepted() throws Exception {
        connection = factory(WhenFull.REFUSE).connect(serverEndpoint(), handler);
        assertThat(connection.isOpen()).isFalse();
        assertThat(write(1)).isFalse();

        driver.runUntil("connected", () -> handler.connected == 1);

        assertThat(connection.isOpen()).isTrue();
        assertThat(connection.peer()).isEqualTo(serverEndpoint());
    }

    @Test
    void whatIsWrittenInATurnLeavesInOneCall() throws Exception {
        connect(WhenFull.REFUSE);

        write(1);
        write(2);
        assertThat(connection.queuedBytes()).isEqualTo(2 * MESSAGE_LENGTH);
        connection.flush();

        assertThat(connection.queuedBytes()).isZero();
        assertThat(connection.sends()).isOne();
        DataInputStream in = new DataInputStream(peer.getInputStream());
        assertThat(readMessage(in)).isEqualTo(1);
        assertThat(readMessage(in)).isEqualTo(2);
    }

    @Test
    void whatTheKernelDoesNotTakeLeavesLaterByItself() throws Exception {
        connect(WhenFull.REFUSE);
        int written = fillUntilRefused();
        assertThat(connection.queuedBytes()).isGreaterThan(MAX_QUEUED - MESSAGE_LENGTH);

        int[] read = {0};
        Thread reader = new Thread(() -> read[0] = readNumberedMessages(written));
        reader.start();
        driver.runUntil("queue is empty", () -> connection.queuedBytes() == 0);
        reader.join();

        assertThat(read[0]).isEqualTo(written);
        assertThat(handler.dropped).isEmpty();
    }

    @Test
    void connectionWithAnEmptyQueueDoesNotKeepTheLoopBusy() throws Exception {
        connect(WhenFull.REFUSE);
        int written = fillUntilRefused();
        Thread reader = new Thread(() -> readNumberedMessages(written));
        reader.start();
        driver.runUntil("queue is empty", () -> connection.queuedBytes() == 0);
        reader.join();

        int[] turns = {0};
        driver.loop().onTurnEnd(() -> turns[0]++);
        driver.runFor(50);

        // The driver's own timer makes a turn every 2 ms.
        assertThat(turns[0]).isLessThan(60);
    }

    @Test
    void fullQueueDropsTheOldestWholeMessagesOfWhichNoByteHasLeft() throws Exception {
        connect(WhenFull.DROP_OLDEST);
        int total = 2000;
        for (int number = 0; number < total; number++) {
            assertThat(write(number)).isTrue();
        }
        assertThat(handler.dropped).isNotEmpty().containsOnly(MESSAGE_LENGTH);
        int expected = total - handler.dropped.size();

        int[] last = {-1};
        Thread reader = new Thread(() -> last[0] = readRisingMessages(expected));
        reader.start();
        driver.runUntil("queue is empty", () -> connection.queuedBytes() == 0);
        reader.join();

        assertThat(last[0]).isEqualTo(total - 1);
    }

    @Test
    void messageLargerThanTheQueueIsNotTaken() throws Exception {
        connect(WhenFull.DROP_OLDEST);
        write(1);

        assertThat(connection.write(ByteBuffer.allocate(MAX_QUEUED + 1), 0, MAX_QUEUED + 1))
                .isFalse();

        assertThat(handler.dropped).isEmpty();
    }

    @Test
    void bytesOfTheOtherEndArrive() throws Exception {
        connect(WhenFull.REFUSE);
        byte[] sent = new byte[100_000];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) (i % 251);
        }

        Thread writer = new Thread(() -> send(sent));
        writer.start();
        driver.runUntil("all bytes received", () -> handler.received.length() == sent.length);
        writer.join();

        assertThat(handler.received.toString().getBytes(ISO_8859_1)).isEqualTo(sent);
    }

    @Test
    void endOfTheOtherEndIsHeardOnceBehindItsLastBytes() throws Exception {
        connect(WhenFull.REFUSE);

        send("last".getBytes(US_ASCII));
        peer.close();
        driver.runUntil("closed", () -> !handler.reasons.isEmpty());
        driver.runFor(10);

        assertThat(handler.received).hasToString("last");
        assertThat(handler.reasons).containsExactly("closed by the other end");
        assertThat(handler.errnos).containsExactly(0);
        assertThat(write(1)).isFalse();
    }

    @Test
    void resetByTheOtherEndEndsTheConnection() throws Exception {
        connect(WhenFull.REFUSE);

        peer.setSoLinger(true, 0);
        peer.close();
        driver.runUntil("closed", () -> !handler.reasons.isEmpty());

        assertThat(handler.reasons).containsExactly("Connection reset by peer");
        assertThat(handler.errnos).containsExactly(Errno.ECONNRESET);
    }

    @Test
    void writingToAPeerThatIsGoneEndsTheConnectionAndCountsWhatWasQueued() throws Exception {
        connect(WhenFull.REFUSE);
        peer.setSoLinger(true, 0);
        peer.close();

        write(1);
        write(2);
        connection.flush();

        assertThat(handler.reasons).hasSize(1);
        assertThat(handler.dropped).containsExactly(MESSAGE_LENGTH, MESSAGE_LENGTH);
    }

    @Test
    void refusedConnectionIsReportedAndNotBefore() throws Exception {
        Endpoint nobody = serverEndpoint();
        server.close();

        connection = factory(WhenFull.REFUSE).connect(nobody, handler);
        assertThat(handler.reasons).isEmpty();
        driver.runUntil("closed", () -> !handler.reasons.isEmpty());

        assertThat(handler.reasons).containsExactly("Connection refused");
        assertThat(handler.errnos).containsExactly(Errno.ECONNREFUSED);
        assertThat(handler.connected).isZero();
    }

    @Test
    void connectionThatFailsAtOnceIsReportedInALaterTurn() {
        Endpoint broadcast = Endpoint.ipv4(0xFFFFFFFF, 80);

        connection = factory(WhenFull.REFUSE).connect(broadcast, handler);
        assertThat(handler.reasons).isEmpty();
        driver.runUntil("closed", () -> !handler.reasons.isEmpty());

        assertThat(handler.reasons).hasSize(1);
    }

    @Test
    void ownerMayCloseWhileItReceives() throws Exception {
        connect(WhenFull.REFUSE);
        handler.onReceived = () -> connection.close("not understood");

        send("anything".getBytes(US_ASCII));
        driver.runUntil("closed", () -> !handler.reasons.isEmpty());
        connection.close("again");

        assertThat(handler.reasons).containsExactly("not understood");
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void faultInTheOwnerEndsOnlyTheConnection() throws Exception {
        connect(WhenFull.REFUSE);
        handler.onReceived = () -> {
            throw new IllegalStateException("made by the test");
        };

        send("anything".getBytes(US_ASCII));
        driver.runUntil("closed", () -> !handler.reasons.isEmpty());

        assertThat(handler.reasons).containsExactly("a fault in this program");
        assertThat(driver.loop().faults()).isOne();
    }

    private void connect(WhenFull whenFull) throws Exception {
        connection = factory(whenFull).connect(serverEndpoint(), handler);
        peer = server.accept();
        driver.runUntil("connected", () -> handler.connected == 1);
        Libc.setOption(connection.fd(), Libc.SOL_SOCKET, Libc.SO_SNDBUF, SMALL_KERNEL_BUFFER);
    }

    private ConnectionFactory factory(WhenFull whenFull) {
        return new ConnectionFactory(driver.loop(), new TcpNetwork(), MAX_QUEUED, whenFull);
    }

    private Endpoint serverEndpoint() {
        return new Endpoint(Address.LOOPBACK, server.getLocalPort());
    }

    private boolean write(int number) {
        return connection.write(message.putInt(0, number), 0, MESSAGE_LENGTH);
    }

    private int fillUntilRefused() {
        int written = 0;
        while (write(written)) {
            written++;
        }
        return written;
    }

    private void send(byte[] bytes) {
        try {
            peer.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int readMessage(DataInputStream in) throws IOException {
        int number = in.readInt();
        in.skipNBytes(MESSAGE_LENGTH - Integer.BYTES);
        return number;
    }

    /** Reads messages numbered from 0 without a gap; how many there were, at most {@code count}. */
    private int readNumberedMessages(int count) {
        int expected = 0;
        try {
            DataInputStream in = new DataInputStream(peer.getInputStream());
            while (expected < count && readMessage(in) == expected) {
                expected++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return expected;
    }

    /** Reads so many messages whose numbers must rise; the last number, or -1. */
    private int readRisingMessages(int count) {
        int last = -1;
        try {
            DataInputStream in = new DataInputStream(peer.getInputStream());
            for (int i = 0; i < count; i++) {
                int number = readMessage(in);
                if (number <= last) {
                    return -1;
                }
                last = number;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return last;
    }
}
