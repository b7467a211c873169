package io.tcpcopy.intercept.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.options.AllowList;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.intercept.routing.ContainerAddress;
import io.tcpcopy.intercept.routing.ResponseRouter;
import io.tcpcopy.intercept.routing.Routing;
import io.tcpcopy.intercept.routing.TestPacket;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.loop.MemoryNetwork;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.OptionValue;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.RouteMessage;
import io.tcpcopy.tunnel.TunnelFormat;
import io.tcpcopy.tunnel.TunnelMode;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Turned by hand: what is captured is brought in by the test, and tcpcopys are on a network in memory. */
class TunnelServerTest {
    private static final Endpoint SERVER = Endpoint.ipv4(0x0A000001, 36524);
    private static final int SYN_ACK = TcpHeader.SYN | TcpHeader.ACK;
    private static final int MAX_RECORDS = 16;
    private static final long UNUSED_NS = TimeUnit.SECONDS.toNanos(1200);

    private final Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
    private final LoopWorld world = new LoopWorld();
    private final MemoryNetwork.Host assistant = world.host(SERVER.address());
    private final EventLoop loop = world.loop(assistant);
    private final Routing routing = Routing.byRoutes(16, UNUSED_NS, TunnelMode.DEFAULT, counters, loop::nowNs);
    private final ResponseRouter router =
            new ResponseRouter(routing, TunnelFormat.COMBINED, ContainerAddress.NONE, counters);
    private TunnelServer server;

    @BeforeEach
    void start() throws StartException {
        server = listen(SERVER, AllowList.EVERYBODY);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(loop.faults()).isZero();
    }

    @Test
    void aResponseComesBackOnTheConnectionOfItsRoute() {
        TestTcpcopy first = tcpcopy();
        TestTcpcopy second = tcpcopy();
        first.addRoute(1000);
        second.addRoute(1001);
        awaitRoutes(2);
        capture(1001, 7, TcpHeader.ACK);
        capture(1000, 8, TcpHeader.ACK);
        assertThat(first.received()).containsExactly(8);
        assertThat(second.received()).containsExactly(7);
    }

    @Test
    void aSynAckThatOvertakesItsRouteIsNotLost() {
        TestTcpcopy tcpcopy = tcpcopy();
        capture(1000, 7, SYN_ACK);
        tcpcopy.addRoute(1000);
        assertThat(tcpcopy.received()).containsExactly(7);
    }

    @Test
    void theLatestRouteOfAConnectionCounts() {
        TestTcpcopy first = tcpcopy();
        TestTcpcopy second = tcpcopy();
        first.addRoute(1000);
        awaitRoutes(1);
        second.addRoute(1000);
        assertThat(counters.get(InterceptCounter.ROUTES_ADDED)).isEqualTo(2);
        first.close();
        awaitConnections(1);
        capture(1000, 7, TcpHeader.ACK);
        assertThat(second.received()).containsExactly(7);
    }

    @Test
    void aConnectionThatEndsTakesItsRoutesWithIt() {
        TestTcpcopy leaving = tcpcopy();
        TestTcpcopy staying = tcpcopy();
        leaving.addRoute(1000);
        staying.addRoute(1001);
        awaitRoutes(2);
        leaving.close();
        awaitConnections(1);
        capture(1000, 7, TcpHeader.ACK);
        capture(1001, 8, TcpHeader.ACK);
        assertThat(staying.received()).containsExactly(8);
        assertThat(counters.get(InterceptCounter.NOT_ROUTED_ACK)).isOne();
    }

    @Test
    void aRouteCanBeDeleted() {
        TestTcpcopy tcpcopy = tcpcopy();
        tcpcopy.addRoute(1000);
        tcpcopy.deleteRoute(1000);
        assertThat(counters.get(InterceptCounter.ROUTES_DELETED)).isOne();
    }

    @Test
    void aTcpcopyThatIsTooOldIsClosed() {
        TestTcpcopy old = new TestTcpcopy(world, server.local());
        old.send(new byte[] {10, 0, 0, 1, 0, 80, 0, 1});
        assertThat(old.isClosedByIntercept()).isTrue();
    }

    @Test
    void garbageHarmsNobodyElse() {
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
        assertThat(good.received()).containsExactly(7);
    }

    @Test
    void aPeerThatNeverReadsLosesTheOldestRecordsAndHoldsNobodyUp() {
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
        assertThat(good.received()).containsExactly(7);

        // What it reads in the end is made of whole batches, and of all the rest.
        long dropped = counters.get(InterceptCounter.RECORDS_DROPPED);
        assertThat(deaf.received()).hasSize((int) (packets - dropped));
    }

    @Test
    void queuesBeyondThoseThatASiteNeedsAreSmallSoThatAllTogetherAreBounded() {
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
        List<Integer> queued = server.connections().stream()
                .map(TcpcopyConnection::queuedBytes)
                .toList();
        assertThat(queued.subList(0, TunnelServer.LARGE_QUEUES))
                .allSatisfy(bytes -> assertThat(bytes)
                        .isBetween(TunnelServer.SMALL_QUEUE_BYTES + 1, TunnelServer.LARGE_QUEUE_BYTES));
        assertThat(queued.get(TunnelServer.LARGE_QUEUES)).isBetween(1, TunnelServer.SMALL_QUEUE_BYTES);
    }

    @Test
    void peersThatConnectAgainAndAgainDoNotFillTheLog() {
        Logger log = (Logger) LoggerFactory.getLogger(TunnelServer.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        for (int i = 0; i < 200; i++) {
            TestTcpcopy old = new TestTcpcopy(world, server.local());
            old.send(new byte[] {10, 0, 0, 1, 0, 80, 0, 1});
            TestTcpcopy other = new TestTcpcopy(world, server.local());
            other.send(new byte[] {0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0});
            other.close();
        }
        assertThat(counters.get(InterceptCounter.CONNECTIONS)).isEqualTo(400);
        awaitConnections(0);
        log.detachAppender(lines);
        // All in one moment: four that connect, four that end, one that is too old, one with an unknown message.
        assertThat(lines.list).hasSizeBetween(4, 10);
    }

    @Test
    void whoIsNotAllowedIsRefusedCountedAndNamedOnceASecond() throws Exception {
        AllowList others = AllowList.read(OptionValue.of("--allow", "10.1.0.0/16,10.0.0.8"));
        TunnelServer strict = listen(new Endpoint(SERVER.address(), 0), others);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(TunnelServer.class);
        lines.start();
        log.addAppender(lines);
        for (int i = 0; i < 50; i++) {
            assertThat(new TestTcpcopy(world, strict.local()).isClosedByIntercept())
                    .isTrue();
        }
        log.detachAppender(lines);
        assertThat(counters.get(InterceptCounter.CONNECTIONS_NOT_ALLOWED)).isEqualTo(50);
        assertThat(counters.get(InterceptCounter.CONNECTIONS)).isZero();
        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).getFormattedMessage())
                .matches("connection from 10\\.0\\.0\\.9:\\d+ refused: --allow does not list it");
        strict.close();
    }

    @Test
    void tooManyConnectionsAreRefused() {
        for (int i = 0; i < TunnelServer.MAX_CONNECTIONS; i++) {
            tcpcopy();
        }
        awaitConnections(TunnelServer.MAX_CONNECTIONS);
        assertThat(server.connections()).noneMatch(TcpcopyConnection::isSilent);
        TestTcpcopy tooMany = new TestTcpcopy(world, server.local());
        assertThat(tooMany.isClosedByIntercept()).isTrue();
        assertThat(counters.get(InterceptCounter.CONNECTIONS_REFUSED)).isOne();
    }

    @Test
    void whoIsSilentForLongestGoesWhenAllPlacesAreTaken() {
        TestTcpcopy first = tcpcopy();
        // What an older one says byte by byte is no version until it is whole.
        TestTcpcopy slow = new TestTcpcopy(world, server.local());
        slow.send(new byte[RouteMessage.LENGTH - 1]);
        for (int i = 2; i < TunnelServer.MAX_CONNECTIONS; i++) {
            new TestTcpcopy(world, server.local());
        }
        awaitConnections(TunnelServer.MAX_CONNECTIONS);
        TestTcpcopy late = tcpcopy();
        late.addRoute(1000);
        assertThat(slow.isClosedByIntercept()).isTrue();
        first.addRoute(1001);
        awaitRoutes(2);
        awaitConnections(TunnelServer.MAX_CONNECTIONS);
        capture(1000, 7, TcpHeader.ACK);
        assertThat(late.received()).containsExactly(7);
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
                loop, assistant, endpoint, routing, allowed, TunnelFormat.COMBINED, MAX_RECORDS, counters);
    }

    private TestTcpcopy tcpcopy() {
        return TestTcpcopy.withVersion(world, server.local());
    }

    private void awaitRoutes(int count) {
        world.until(count + " routes", () -> routing.routes() == count);
    }

    private void awaitConnections(int count) {
        world.until(count + " connections", () -> server.connections().size() == count);
    }

    private void capture(int clientPort, int id, int flags) {
        TestPacket packet = new TestPacket(clientPort, id, flags, 0);
        router.packet(Captured.whole(packet.buffer));
        world.settle();
    }

    private int captureMany(int clientPort, int flags, int count) {
        TestPacket packet = new TestPacket(clientPort, 1, flags, 0);
        for (int i = 0; i < count; i++) {
            router.packet(Captured.whole(packet.buffer));
        }
        world.settle();
        return count;
    }
}
