package io.tcpcopy.intercept;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tcpcopy.counters.Counters;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.TunnelFormat;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What happens for every packet allocates nothing. */
class AllocationTest {
    private static final int WARM_UP = 20_000;
    private static final int PACKETS = 100_000;
    private static final int CONNECTIONS = 1000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
    private final RouteTable routes = new RouteTable(1024, Long.MAX_VALUE / 2, CONNECTIONS, counters);
    private final DelayTable delays = new DelayTable(64, TunnelFormat.COMBINED.recordLength(), counters);
    private long nowNs;
    private final Routing routing = new TableRouting(routes, delays, false, counters, () -> nowNs);
    private final ResponseRouter router =
            new ResponseRouter(routing, TunnelFormat.COMBINED, ContainerAddress.NONE, counters);
    private final RecordBatcher batcher =
            new RecordBatcher(TunnelFormat.COMBINED, 16, counters, (buffer, offset, length) -> true);
    private final RouteOwner owner = new RouteOwner() {
        @Override
        void append(ByteBuffer buffer, int offset) {
            batcher.append(buffer, offset);
        }

        @Override
        void close(String reason) {
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
            routing.addRoute(TestPacket.CLIENT, clientPort, TestPacket.TARGET, TestPacket.TARGET_PORT, owner);
            capture(routed, clientPort);
            capture(ending, clientPort);
            capture(early, 30_000 + i % CONNECTIONS);
            batcher.flush();
        }
    }

    private void capture(TestPacket packet, int clientPort) {
        packet.tcp.destinationPort(clientPort);
        router.packet(packet.buffer, 0, packet.buffer.limit(), packet.buffer.limit(), nowNs);
    }
}
