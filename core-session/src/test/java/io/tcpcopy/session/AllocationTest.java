package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.udp.Datagram;
import io.tcpcopy.session.udp.DatagramCounter;
import io.tcpcopy.session.udp.UdpCopy;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens for every packet, and for every connection, allocates nothing once there is memory for it. */
class AllocationTest {
    private static final int CLIENT = 0x0A010001;
    private static final int TARGET = 0x0A020064;
    private static final int REQUEST = 400;
    /** Connections that take more than the 6 s for which an ended session is remembered, so that memory is used again. */
    private static final int CONNECTION_WARM_UP = 20_000;

    private static final int CONNECTIONS = 20_000;
    private static final int REQUEST_WARM_UP = 20_000;
    private static final int REQUESTS = 50_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final SmoothTraffic traffic = new SmoothTraffic();
    private final SessionEngine engine = traffic.engine();

    @Test
    void requestsOfAConnectionAllocateNothing() {
        traffic.open();
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
    void requestsOfAConnectionThatIsLeftOutAllocateNothing() {
        engine.captureIsNarrow(0);
        while (Counted.of(engine, SessionCounter.SHED) == 0) {
            traffic.open();
        }
        request(REQUEST_WARM_UP);
        long before = allocatedBytes();
        request(REQUESTS);
        long after = allocatedBytes();
        assertThat(engine.ledger().droppedRequests(DropReason.SHED)).isEqualTo(REQUEST_WARM_UP + REQUESTS);
        assertNothingPer(REQUESTS, after - before);
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
            copy.takeAdmitted(OutgoingPacket.TIME_UNKNOWN);
            copy.admit(fragmented);
            copy.takeAdmitted(OutgoingPacket.TIME_UNKNOWN);
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
            traffic.open();
            traffic.request();
            traffic.close();
        }
    }

    private void request(int count) {
        for (int i = 0; i < count; i++) {
            traffic.request();
        }
    }
}
