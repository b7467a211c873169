package io.tcpcopy.intercept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.counters.Counters;
import io.tcpcopy.net.Endpoint;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.Ipv4Address;
import io.tcpcopy.packet.TcpHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over loopback: what is captured is brought in by hand. */
class TunnelServerTest {
    private static final int SYN_ACK = TcpHeader.SYN | TcpHeader.ACK;
    private static final int MAX_RECORDS = 16;

    private final Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
    private final RouteTable routes =
            new RouteTable(16, TimeUnit.SECONDS.toNanos(1200), RouteTable.MAX_ROUTES, counters);
    private final DelayTable delays = new DelayTable(16, counters);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private LoopThread loopThread;
    private ResponseRouter router;
    private TunnelServer server;

    @BeforeEach
    void start() throws StartException {
        loopThread = new LoopThread();
        router = new ResponseRouter(routes, delays, counters, loopThread.loop::nowNs);
        server = listen(new Endpoint(Ipv4Address.LOOPBACK, 0));
        loopThread.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
        loopThread.call(() -> {
            server.close();
            return true;
        });
        loopThread.close();
        assertThat(loopThread.loop.faults()).isZero();
    }

    @Test
    void aResponseComesBackOnTheConnectionOfItsRoute() throws Exception {
        TestTcpcopy first = tcpcopy();
        TestTcpcopy second = tcpcopy();
        first.addRoute(1000);
        second.addRoute(1001);
        awaitRoutes(2);
        capture(1001, 7, TcpHeader.ACK);
        capture(1000, 8, TcpHeader.ACK);
        assertThat(first.receive(1)).containsExactly(8);
        assertThat(second.receive(1)).containsExactly(7);
    }

    @Test
    void aSynAckThatOvertakesItsRouteIsNotLost() throws Exception {
        TestTcpcopy tcpcopy = tcpcopy();
        capture(1000, 7, SYN_ACK);
        tcpcopy.addRoute(1000);
        assertThat(tcpcopy.receive(1)).containsExactly(7);
    }

    @Test
    void theLatestRouteOfAConnectionCounts() throws Exception {
        TestTcpcopy first = tcpcopy();
        TestTcpcopy second = tcpcopy();
        first.addRoute(1000);
        awaitRoutes(1);
        second.addRoute(1000);
        loopThread.await(() -> counters.get(InterceptCounter.ROUTES_ADDED) == 2);
        first.close();
        awaitClients(1);
        capture(1000, 7, TcpHeader.ACK);
        assertThat(second.receive(1)).containsExactly(7);
    }

    @Test
    void aConnectionThatEndsTakesItsRoutesWithIt() throws Exception {
        TestTcpcopy leaving = tcpcopy();
        TestTcpcopy staying = tcpcopy();
        leaving.addRoute(1000);
        staying.addRoute(1001);
        awaitRoutes(2);
        leaving.close();
        awaitRoutes(1);
        capture(1000, 7, TcpHeader.ACK);
        capture(1001, 8, TcpHeader.ACK);
        assertThat(staying.receive(1)).containsExactly(8);
        assertThat(counters.get(InterceptCounter.NOT_ROUTED_ACK)).isOne();
    }

    @Test
    void aRouteCanBeDeleted() throws Exception {
        TestTcpcopy tcpcopy = tcpcopy();
        tcpcopy.addRoute(1000);
        tcpcopy.deleteRoute(1000);
        loopThread.await(() -> counters.get(InterceptCounter.ROUTES_DELETED) == 1);
    }

    @Test
    void aClientThatIsTooOldIsClosed() throws Exception {
        TestTcpcopy old = open(new TestTcpcopy(server.local()));
        old.send(new byte[] {10, 0, 0, 1, 0, 80, 0, 1});
        assertThat(old.isClosedByIntercept()).isTrue();
    }

    @Test
    void garbageHarmsNobodyElse() throws Exception {
        TestTcpcopy good = tcpcopy();
        good.addRoute(1000);
        awaitRoutes(1);
        TestTcpcopy bad = tcpcopy();
        byte[] garbage = new byte[100_000];
        new Random(1).nextBytes(garbage);
        bad.send(garbage);
        bad.close();
        awaitClients(1);
        capture(1000, 7, TcpHeader.ACK);
        assertThat(good.receive(1)).containsExactly(7);
    }

    @Test
    void aPeerThatNeverReadsLosesTheOldestRecordsAndHoldsNobodyUp() throws Exception {
        TestTcpcopy deaf = tcpcopy();
        TestTcpcopy good = tcpcopy();
        deaf.addRoute(1000);
        good.addRoute(1001);
        awaitRoutes(2);
        int packets = 0;
        while (counters.get(InterceptCounter.RECORDS_DROPPED) < 1000) {
            packets += captureMany(1000, TcpHeader.ACK, 10_000);
            assertThat(packets).as("captured without any being dropped").isLessThan(1_000_000);
        }
        capture(1001, 7, TcpHeader.ACK);
        assertThat(good.receive(1)).containsExactly(7);

        // What it reads in the end is made of whole batches, and of all the rest.
        long dropped = counters.get(InterceptCounter.RECORDS_DROPPED);
        assertThat(deaf.receive((int) (packets - dropped))).hasSize((int) (packets - dropped));
    }

    @Test
    void tooManyConnectionsAreRefused() throws Exception {
        for (int i = 0; i < TunnelServer.MAX_CLIENTS; i++) {
            tcpcopy();
        }
        awaitClients(TunnelServer.MAX_CLIENTS);
        TestTcpcopy tooMany = open(new TestTcpcopy(server.local()));
        assertThat(tooMany.isClosedByIntercept()).isTrue();
        assertThat(counters.get(InterceptCounter.CONNECTIONS_REFUSED)).isOne();
    }

    @Test
    void aPortThatIsTakenIsSaidInOneLine() {
        assertThatThrownBy(() -> listen(server.local()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("cannot listen on " + server.local());
    }

    private TunnelServer listen(Endpoint endpoint) throws StartException {
        return new TunnelServer(loopThread.loop, endpoint, router, routes, MAX_RECORDS, counters);
    }

    private TestTcpcopy tcpcopy() throws IOException {
        return open(TestTcpcopy.withVersion(server.local()));
    }

    private TestTcpcopy open(TestTcpcopy tcpcopy) {
        opened.add(tcpcopy);
        return tcpcopy;
    }

    private void awaitRoutes(int count) throws Exception {
        loopThread.await(() -> routes.size() == count);
    }

    private void awaitClients(int count) throws Exception {
        loopThread.await(() -> {
            List<Client> clients = new ArrayList<>();
            server.forEachClient(clients::add);
            return clients.size() == count;
        });
    }

    private void capture(int clientPort, int id, int flags) throws Exception {
        TestPacket packet = new TestPacket(clientPort, id, flags, 0);
        loopThread.call(() -> {
            router.packet(packet.buffer, 0, packet.buffer.limit(), packet.buffer.limit(), 0);
            return true;
        });
    }

    private int captureMany(int clientPort, int flags, int count) throws Exception {
        TestPacket packet = new TestPacket(clientPort, 1, flags, 0);
        return loopThread.call(() -> {
            for (int i = 0; i < count; i++) {
                router.packet(packet.buffer, 0, packet.buffer.limit(), packet.buffer.limit(), 0);
            }
            return count;
        });
    }
}
