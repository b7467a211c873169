package io.tcpcopy.intercept.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.intercept.routing.ContainerAddress;
import io.tcpcopy.intercept.routing.ResponseRouter;
import io.tcpcopy.intercept.routing.RouteOwner;
import io.tcpcopy.intercept.routing.Routing;
import io.tcpcopy.intercept.routing.TestPacket;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.TunnelFormat;
import io.tcpcopy.tunnel.TunnelMode;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What happens for every packet allocates nothing. */
class AllocationTest {
    private static final int WARM_UP = 50_000;
    private static final int PACKETS = 100_000;
    private static final int CONNECTIONS = 1000;
    /** More than there are places for delayed records, so that later ones replace the oldest. */
    private static final int EARLY_CONNECTIONS = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
    private final CapturedPacket captured = new CapturedPacket();
    private final Flow flow = TestPacket.flow(0);
    private long nowNs;
    private final Routing routing =
            Routing.byRoutes(CONNECTIONS, Long.MAX_VALUE / 2, TunnelMode.DEFAULT, counters, () -> nowNs);
    private final ResponseRouter router =
            new ResponseRouter(routing, TunnelFormat.COMBINED, ContainerAddress.NONE, counters);
    private final RecordBatcher batcher =
            new RecordBatcher(TunnelFormat.COMBINED, 16, counters, (buffer, offset, length) -> true);
    private final RouteOwner owner = new RouteOwner() {
        @Override
        public void append(ByteBuffer buffer, int offset) {
            batcher.append(buffer, offset);
        }

        @Override
        public Address address() {
            return Address.LOOPBACK;
        }

        @Override
        public void close(String reason) {
            throw new AssertionError(reason);
        }
    };

    @Test
    void routedResponsesRepeatedRoutesAndDelayedRecordsAllocateNothing() {
        TestPacket routed = new TestPacket(0, 1, TcpHeader.ACK, 100);
        TestPacket ending = new TestPacket(0, 1, TcpHeader.ACK | TcpHeader.FIN, 0);
        TestPacket early = new TestPacket(0, 2, TcpHeader.SYN | TcpHeader.ACK, 0);
        run(routed, ending, early, WARM_UP);
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        run(routed, ending, early, PACKETS);
        long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        // The measurement itself and the compiler's switch to faster code take a little.
        assertThat(after - before).isLessThan(PACKETS / 10);
    }

    private void run(TestPacket routed, TestPacket ending, TestPacket early, int count) {
        for (int i = 0; i < count; i++) {
            nowNs++;
            int clientPort = 1 + i % CONNECTIONS;
            routing.addRoute(flow.clientPort(clientPort), owner);
            capture(routed, clientPort);
            capture(ending, clientPort);
            capture(early, 30_000 + i % EARLY_CONNECTIONS);
            batcher.flush();
        }
    }

    private void capture(TestPacket packet, int clientPort) {
        packet.tcp.destinationPort(clientPort);
        int length = packet.buffer.limit();
        router.packet(captured.wrap(packet.buffer, 0, length, length, nowNs));
    }
}
