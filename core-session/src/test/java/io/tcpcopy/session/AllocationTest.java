package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.session.udp.Datagram;
import io.tcpcopy.session.udp.DatagramCounter;
import io.tcpcopy.session.udp.UdpCopy;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What happens for every packet, and for every connection, allocates nothing once there is memory for it. */
class AllocationTest {
    private static final int CLIENT = 0x0A010001;
    private static final int ONLINE = 0x0A010064;
    private static final int TARGET = 0x0A020064;
    private static final int REQUEST = 400;
    private static final int HEADERS = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;
    private static final int CLIENT_ISS = 1000;
    private static final int TARGET_ISS = 5000;
    private static final int ONLINE_ISS = 9000;
    private static final long ROUND_TRIP_NS = TimeUnit.MILLISECONDS.toNanos(2);
    /** Connections that take more than the 6 s for which an ended session is remembered, so that memory is used again. */
    private static final int CONNECTION_WARM_UP = 20_000;

    private static final int CONNECTIONS = 20_000;
    private static final int REQUEST_WARM_UP = 20_000;
    private static final int REQUESTS = 50_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Settings settings = Settings.of(
                    List.of(new Transfer(Endpoint.ipv4(ONLINE, 80), Endpoint.ipv4(TARGET, 8080))))
            .build();
    private final SessionEngine engine = new SessionEngine(settings, packet -> {}, new AllRoutes(), Faults::rethrow);
    private final ByteBuffer packet = ByteBuffer.allocateDirect(HEADERS + REQUEST);
    private final CapturedPacket captured = new CapturedPacket();
    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();

    private long nowNs = TimeUnit.SECONDS.toNanos(1);
    private int port = 1024;
    private int clientSeq;
    private int onlineSeq;
    private int targetSeq;

    @Test
    void requestsOfAConnectionAllocateNothing() {
        open();
        request(REQUEST_WARM_UP);
        long before = allocatedBytes();
        request(REQUESTS);
        long after = allocatedBytes();
        assertThat(engine.ledger().deliveredRequests()).isEqualTo(REQUEST_WARM_UP + REQUESTS);
        assertNothingPer(REQUESTS, after - before);
    }

    @Test
    void connectionsInARowAllocateNothing() {
        connect(CONNECTION_WARM_UP);
        long before = allocatedBytes();
        connect(CONNECTIONS);
        long after = allocatedBytes();
        assertThat(engine.ledger().deliveredRequests()).isEqualTo(CONNECTION_WARM_UP + CONNECTIONS);
        assertThat(engine.liveSessions()).isZero();
        assertNothingPer(CONNECTIONS, after - before);
    }

    @Test
    void datagramsAllocateNothing() {
        UdpCopy copy = new UdpCopy(
                Settings.of(List.of(new Transfer(Endpoint.ipv4(Datagram.ONLINE, 53), Endpoint.ipv4(TARGET, 53))))
                        .copies(2)
                        .clientAddresses(List.of(Address.ipv4(CLIENT), Address.ipv4(CLIENT + 1)))
                        .build(),
                packet -> {});
        CapturedPacket whole = Captured.whole(Datagram.request(REQUEST).packet());
        CapturedPacket fragmented = Captured.whole(Datagram.request(8192).packet());
        copy(copy, whole, fragmented, REQUEST_WARM_UP);
        long before = allocatedBytes();
        copy(copy, whole, fragmented, REQUESTS);
        long after = allocatedBytes();
        assertThat(Counted.of(copy, DatagramCounter.SENT)).isEqualTo(4 * (REQUEST_WARM_UP + REQUESTS));
        assertNothingPer(REQUESTS, after - before);
    }

    private static void copy(UdpCopy copy, CapturedPacket whole, CapturedPacket fragmented, int times) {
        for (int i = 0; i < times; i++) {
            copy.admit(whole);
            copy.takeAdmitted();
            copy.admit(fragmented);
            copy.takeAdmitted();
        }
    }

    /** The measurement itself and the compiler's switch to faster code take a little. */
    private static void assertNothingPer(int happenings, long bytes) {
        assertThat(bytes).isLessThan(happenings / 10);
    }

    private long allocatedBytes() {
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private void connect(int count) {
        for (int i = 0; i < count; i++) {
            open();
            request(1);
            close();
        }
    }

    private void open() {
        port = port == 65535 ? 1024 : port + 1;
        clientSeq = CLIENT_ISS;
        onlineSeq = ONLINE_ISS;
        targetSeq = TARGET_ISS;
        capture(TcpHeader.SYN, 0);
        clientSeq++;
        onlineSeq++;
        respond(TcpHeader.SYN | TcpHeader.ACK, 0);
        targetSeq++;
        pass(ROUND_TRIP_NS);
        capture(TcpHeader.ACK, 0);
    }

    /** Requests, each with a response that is acknowledged by itself since the client waits before it goes on. */
    private void request(int count) {
        for (int i = 0; i < count; i++) {
            capture(TcpHeader.ACK | TcpHeader.PSH, REQUEST);
            clientSeq += REQUEST;
            respond(TcpHeader.ACK | TcpHeader.PSH, REQUEST);
            targetSeq += REQUEST;
            onlineSeq += REQUEST;
            capture(TcpHeader.ACK, 0);
            pass(2 * ROUND_TRIP_NS);
        }
    }

    private void close() {
        capture(TcpHeader.ACK | TcpHeader.FIN, 0);
        clientSeq++;
        respond(TcpHeader.ACK | TcpHeader.FIN, 0);
        pass(ROUND_TRIP_NS);
    }

    private void pass(long durationNs) {
        long until = nowNs + durationNs;
        for (long next = engine.nextDeadlineNs(); next <= until; next = engine.nextDeadlineNs()) {
            nowNs = Math.max(nowNs, next);
            engine.turn(nowNs);
            engine.runDue();
        }
        nowNs = until;
        engine.turn(nowNs);
    }

    private void capture(int flags, int payloadLength) {
        engine.turn(nowNs);
        int ack = (flags & TcpHeader.ACK) == 0 ? 0 : onlineSeq;
        write(CLIENT, port, ONLINE, 80, flags, clientSeq, ack, payloadLength);
        int length = HEADERS + payloadLength;
        engine.clientPacket(captured.wrap(packet, 0, length, length, nowNs));
    }

    private void respond(int flags, int payloadLength) {
        engine.turn(nowNs);
        write(TARGET, 8080, CLIENT, port, flags, targetSeq, clientSeq, payloadLength);
        engine.response(packet, 0, HEADERS);
    }

    private void write(
            int source,
            int sourcePort,
            int destination,
            int destinationPort,
            int flags,
            int seq,
            int ack,
            int payloadLength) {
        ip.wrap(packet, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(HEADERS + payloadLength)
                .dontFragment(true)
                .ttl(64)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(source)
                .destination(destination);
        tcp.wrap(packet, Ipv4Header.MIN_LENGTH)
                .sourcePort(sourcePort)
                .destinationPort(destinationPort)
                .seq(seq)
                .ack(ack)
                .headerLength(TcpHeader.MIN_LENGTH)
                .flags(flags)
                .window(65535);
    }
}
