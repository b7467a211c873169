package io.tcpcopy.intercept.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tcpcopy.counters.Counters;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.options.AllowList;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.intercept.routing.ContainerAddress;
import io.tcpcopy.intercept.routing.ResponseRouter;
import io.tcpcopy.intercept.routing.Routing;
import io.tcpcopy.intercept.routing.TestPacket;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.OptionValue;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.RouteMessage;
import io.tcpcopy.tunnel.TunnelFormat;
import io.tcpcopy.tunnel.TunnelMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Over loopback: what is captured is brought in by hand. */
class TunnelServerTest {
    private static final int SYN_ACK = TcpHeader.SYN | TcpHeader.ACK;
    private static final int MAX_RECORDS = 16;
    private static final long UNUSED_NS = TimeUnit.SECONDS.toNanos(1200);

    private final Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private LoopThread loopThread;
    private Routing routing;
    private ResponseRouter router;
    private TunnelServer server;

    @BeforeEach
    void start() throws StartException {
        loopThread = new LoopThread();
        routing = Routing.byRoutes(16, UNUSED_NS, TunnelMode.DEFAULT, counters, loopThread.loop::nowNs);
        router = new ResponseRouter(routing, TunnelFormat.COMBINED, ContainerAddress.NONE, counters);
        server = listen(new Endpoint(Address.LOOPBACK, 0), AllowList.EVERYBODY);
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
        awaitConnections(1);
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
    void aTcpcopyThatIsTooOldIsClosed() throws Exception {
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
        awaitConnections(1);
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
    void queuesBeyondThoseThatASiteNeedsAreSmallSoThatAllTogetherAreBounded() throws Exception {
        for (int i = 0; i <= TunnelServer.LARGE_QUEUES; i++) {
            tcpcopy().addRoute(1000 + i);
        }
        awaitRoutes(TunnelServer.LARGE_QUEUES + 1);
        for (int i = 0; i < TunnelServer.LARGE_QUEUES + 1; i++) {
            int clientPort = 1000 + i;
            long before = counters.get(InterceptCounter.RECORDS_DROPPED);
            while (counters.get(InterceptCounter.RECORDS_DROPPED) == before) {
                captureMany(clientPort, TcpHeader.ACK, 10_000);
            }
        }
        List<Integer> queued = loopThread.call(() -> server.connections().stream()
                .map(TcpcopyConnection::queuedBytes)
                .toList());
        assertThat(queued.subList(0, TunnelServer.LARGE_QUEUES))
                .allSatisfy(bytes -> assertThat(bytes)
                        .isBetween(TunnelServer.SMALL_QUEUE_BYTES + 1, TunnelServer.LARGE_QUEUE_BYTES));
        // The kernel may have taken all of so little by now.
        assertThat(queued.get(TunnelServer.LARGE_QUEUES)).isLessThanOrEqualTo(TunnelServer.SMALL_QUEUE_BYTES);
    }

    @Test
    void peersThatConnectAgainAndAgainDoNotFillTheLog() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger(TunnelServer.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        long startNs = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            TestTcpcopy old = open(new TestTcpcopy(server.local()));
            old.send(new byte[] {10, 0, 0, 1, 0, 80, 0, 1});
            TestTcpcopy other = open(new TestTcpcopy(server.local()));
            other.send(new byte[] {0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0});
            other.close();
        }
        loopThread.await(() -> counters.get(InterceptCounter.CONNECTIONS) == 400);
        awaitConnections(0);
        log.detachAppender(lines);
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs) + 1;
        assertThat(lines.list).hasSizeBetween(4, (int) (10 * seconds));
    }

    @Test
    void whoIsNotAllowedIsRefusedCountedAndNamedOnceASecond() throws Exception {
        AllowList others = AllowList.read(OptionValue.of("--allow", "10.0.0.0/8,127.0.0.2"));
        Endpoint endpoint = new Endpoint(Address.LOOPBACK, 0);
        TunnelServer strict = loopThread.call(() -> listen(endpoint, others));
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(TunnelServer.class);
        lines.start();
        log.addAppender(lines);
        long startNs = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertThat(open(new TestTcpcopy(strict.local())).isClosedByIntercept())
                    .isTrue();
        }
        log.detachAppender(lines);
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs) + 1;
        assertThat(counters.get(InterceptCounter.CONNECTIONS_NOT_ALLOWED)).isEqualTo(50);
        assertThat(counters.get(InterceptCounter.CONNECTIONS)).isZero();
        assertThat(lines.list).hasSizeBetween(1, (int) seconds);
        assertThat(lines.list.get(0).getFormattedMessage())
                .matches("connection from 127\\.0\\.0\\.1:\\d+ refused: --allow does not list it");
        loopThread.call(() -> {
            strict.close();
            return true;
        });
    }

    @Test
    void tooManyConnectionsAreRefused() throws Exception {
        for (int i = 0; i < TunnelServer.MAX_CONNECTIONS; i++) {
            tcpcopy();
        }
        awaitConnections(TunnelServer.MAX_CONNECTIONS);
        loopThread.await(() -> server.connections().stream().noneMatch(TcpcopyConnection::isSilent));
        TestTcpcopy tooMany = open(new TestTcpcopy(server.local()));
        assertThat(tooMany.isClosedByIntercept()).isTrue();
        assertThat(counters.get(InterceptCounter.CONNECTIONS_REFUSED)).isOne();
    }

    @Test
    void whoIsSilentForLongestGoesWhenAllPlacesAreTaken() throws Exception {
        TestTcpcopy first = tcpcopy();
        loopThread.await(() -> server.connections().size() == 1
                && server.connections().stream().noneMatch(TcpcopyConnection::isSilent));
        // What an older one says byte by byte is no version until it is whole.
        TestTcpcopy slow = open(new TestTcpcopy(server.local()));
        slow.send(new byte[RouteMessage.LENGTH - 1]);
        for (int i = 2; i < TunnelServer.MAX_CONNECTIONS; i++) {
            open(new TestTcpcopy(server.local()));
        }
        awaitConnections(TunnelServer.MAX_CONNECTIONS);
        TestTcpcopy late = tcpcopy();
        late.addRoute(1000);
        assertThat(slow.isClosedByIntercept()).isTrue();
        first.addRoute(1001);
        awaitRoutes(2);
        awaitConnections(TunnelServer.MAX_CONNECTIONS);
        capture(1000, 7, TcpHeader.ACK);
        assertThat(late.receive(1)).containsExactly(7);
        assertThat(counters.get(InterceptCounter.CONNECTIONS_REPLACED)).isOne();
        assertThat(counters.get(InterceptCounter.CONNECTIONS_REFUSED)).isZero();
    }

    @Test
    void aPortThatIsTakenIsSaidInOneLine() {
        assertThatThrownBy(() -> listen(server.local(), AllowList.EVERYBODY))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("cannot listen on " + server.local());
    }

    private TunnelServer listen(Endpoint endpoint, AllowList allowed) throws StartException {
        return new TunnelServer(
                loopThread.loop, endpoint, routing, allowed, TunnelFormat.COMBINED, MAX_RECORDS, counters);
    }

    private TestTcpcopy tcpcopy() throws IOException {
        return open(TestTcpcopy.withVersion(server.local()));
    }

    private TestTcpcopy open(TestTcpcopy tcpcopy) {
        opened.add(tcpcopy);
        return tcpcopy;
    }

    private void awaitRoutes(int count) throws Exception {
        loopThread.await(() -> routing.routes() == count);
    }

    private void awaitConnections(int count) throws Exception {
        loopThread.await(() -> server.connections().size() == count);
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
