package io.tcpcopy.tcpcopy.returnpath;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.loop.MemoryNetwork;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.tcpcopy.returnpath.TestIntercept.Peer;
import io.tcpcopy.tunnel.ResponseRecord;
import io.tcpcopy.tunnel.RouteMessage;
import io.tcpcopy.tunnel.TunnelFormat;
import io.tcpcopy.tunnel.TunnelMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The tunnel's end at tcpcopy, turned by hand. A session's number is also its client port. */
class InterceptsTest {
    private static final int CLIENT = 0x0A000009;
    private static final int TARGET = 0x0A000002;
    private static final int TARGET_PORT = 8080;
    private static final long FIRST_RETRY_MS = 500;

    private final Logger log = (Logger) LoggerFactory.getLogger(InterceptLink.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final List<Integer> sessions = new ArrayList<>();
    private final Events events = new Events();
    private final LoopWorld world = new LoopWorld();
    private final MemoryNetwork.Host online = world.host(Address.ipv4(0x0A000001));
    private final EventLoop loop = world.loop(online);
    private int interceptsMade;
    private TestIntercept first;
    private Intercepts intercepts;

    /** What the intercepts say of themselves. */
    private final class Events implements ReturnPath.Listener {
        private final List<String> all = new ArrayList<>();
        private final List<Long> unreachableNs = new ArrayList<>();

        @Override
        public void reachable() {
            all.add("reachable");
        }

        @Override
        public void unreachable(Code code, String reason) {
            all.add(code.text() + " " + reason);
            unreachableNs.add(world.nowNs());
        }

        @Override
        public void forEachRoute(Routes.Visitor visitor) {
            sessions.forEach(number -> visitor.route(inRow(number), flow(number)));
        }

        @Override
        public void response(ResponseRecord record) {
            all.add("response");
        }
    }

    @BeforeEach
    void open() throws Exception {
        lines.start();
        log.addAppender(lines);
        first = listening();
        loop.onTurnEnd(() -> {
            if (intercepts != null) {
                intercepts.flush();
            }
        });
    }

    @AfterEach
    void close() {
        log.detachAppender(lines);
    }

    private TestIntercept listening() throws Exception {
        return new TestIntercept(world, Endpoint.ipv4(0x0A000003 + interceptsMade++, 36524));
    }

    private void start(int parallel, boolean lonely, TestIntercept... servers) {
        start(parallel, TunnelMode.DEFAULT, lonely, servers);
    }

    private void start(int parallel, TunnelMode mode, boolean lonely, TestIntercept... servers) {
        intercepts = new Intercepts(
                loop,
                online,
                new ReturnPathSettings(
                        Stream.of(servers).map(TestIntercept::endpoint).toList(), false, parallel, mode, lonely));
        intercepts.start(events);
    }

    private void connect(int parallel, TestIntercept... servers) {
        start(parallel, true, servers);
        world.settle();
        assertThat(linksUp()).isEqualTo(parallel * servers.length);
        for (TestIntercept server : servers) {
            assertThat(server.peers()).hasSize(parallel);
        }
    }

    @Test
    void whoNamedNoneIsToldWhereTheyAreExpected() {
        Endpoint nobody = Endpoint.ipv4(0x0A0000FE, 36524);
        intercepts = new Intercepts(
                loop, online, new ReturnPathSettings(List.of(nobody), true, 1, TunnelMode.DEFAULT, false));
        intercepts.start(events);
        world.until("it was tried", () -> !events.all.isEmpty());

        assertThat(intercepts.description())
                .isEqualTo("intercepts 10.0.0.254:36524 (on each target, as -s names none), tunnel mode default");
        assertThat(events.all.get(0))
                .startsWith("TC501 intercept 10.0.0.254:36524: ")
                .endsWith("; -s names none, so one is expected on each target: start intercept --traditional there, or"
                        + " name another host");
    }

    private long linksUp() {
        Metrics metrics = new Metrics("tcpcopy");
        intercepts.addTo(metrics);
        return metrics.get(TunnelMetric.CONNECTIONS);
    }

    private static Flow flow(int clientPort) {
        return new Flow().client(CLIENT, clientPort).server(TARGET, TARGET_PORT);
    }

    /** The number of the first session of a row of those that share a connection; its port is the row's. */
    private static int inRow(int number) {
        return number * Intercepts.SESSIONS_IN_A_ROW;
    }

    private boolean add(int number) {
        sessions.add(number);
        return intercepts.add(inRow(number), flow(number));
    }

    private void addFour() {
        for (int number = 0; number < 4; number++) {
            assertThat(add(number)).isTrue();
        }
    }

    private void awaitRoutes(Peer peer, Integer... clientPorts) {
        world.settle();
        assertThat(peer.added()).containsExactly(clientPorts);
    }

    private List<String> warnings() {
        return lines.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void rowsOfSessionsTakeTheConnectionsInTurn() {
        connect(2, first);

        addFour();

        awaitRoutes(first.peers().get(0), 0, 2);
        awaitRoutes(first.peers().get(1), 1, 3);
    }

    @Test
    void sessionsOfARowShareAConnection() {
        connect(2, first);

        intercepts.add(inRow(1), flow(0));
        intercepts.add(inRow(2) - 1, flow(1));
        // Numbers of sessions go round.
        intercepts.add(-1, flow(2));

        awaitRoutes(first.peers().get(0));
        awaitRoutes(first.peers().get(1), 0, 1, 2);
    }

    @Test
    void aRouteIsRemovedOverTheConnectionThatCarriesIt() {
        connect(2, first);
        addFour();

        intercepts.remove(inRow(1), flow(1));

        world.until("route 1 is removed", () -> first.peers().get(1).deleted().equals(List.of(1)));
        assertThat(first.peers().get(0).deleted()).isEmpty();
    }

    @Test
    void everyConnectionBeginsWithTheVersion() {
        connect(2, first);
        for (Peer peer : first.peers()) {
            world.until("the version is announced", () -> peer.version() == RouteMessage.VERSION);
        }
    }

    @Test
    void withoutRoutesSessionsStartWhileAnInterceptIsConnectedAndNothingIsSent() throws Exception {
        connectWithoutRoutes();
        Routes routes = intercepts.routes();
        assertThat(routes.add(0, flow(0))).isTrue();
        routes.remove(0, flow(0));
        // What comes last has overtaken nothing.
        add(1);
        awaitRoutes(first.peers().get(0), 1);
        assertThat(first.peers().get(0).deleted()).isEmpty();

        Peer peer = first.peers().get(0);
        first.stopListening();
        peer.close();
        world.until("the connection is lost", () -> linksUp() == 0);
        assertThat(routes.add(0, flow(0))).isFalse();
    }

    @Test
    void withoutRoutesNoneIsSentAgainOverANewConnection() {
        connectWithoutRoutes();
        sessions.add(1);

        first.peers().get(0).close();
        world.until("it is connected again", () -> first.peers().size() == 2 && linksUp() == 1);

        add(2);
        awaitRoutes(first.peers().get(1), 2);
    }

    private void connectWithoutRoutes() {
        start(1, new TunnelMode(TunnelFormat.COMBINED, true, false), true, first);
        world.until("it is connected", () -> linksUp() == 1);
        assertThat(first.peers()).hasSize(1);
    }

    @Test
    void everyInterceptIsTold() throws Exception {
        TestIntercept second = listening();
        connect(2, first, second);

        addFour();

        for (TestIntercept server : List.of(first, second)) {
            awaitRoutes(server.peers().get(0), 0, 2);
            awaitRoutes(server.peers().get(1), 1, 3);
        }
    }

    @Test
    void withoutAConnectionNoRouteIsAdded() throws Exception {
        first.stopListening();
        start(2, true, first);
        world.until("both attempts have failed", () -> !events.all.isEmpty());

        assertThat(add(0)).isFalse();
        assertThat(events.all).containsExactly("TC501 intercept " + first.endpoint() + ": Connection refused");
    }

    @Test
    void routesOfALostConnectionGoOverTheOtherUntilItIsBack() {
        connect(2, first);
        addFour();
        awaitRoutes(first.peers().get(1), 1, 3);

        first.peers().get(1).close();
        awaitRoutes(first.peers().get(0), 0, 2, 1, 3);
        assertThat(events.all).containsExactly("reachable");

        world.until("the connection is back", () -> first.peers().size() == 3);
        awaitRoutes(first.peers().get(2), 1, 3);
        assertThat(first.peers().get(0).added()).containsExactly(0, 2, 1, 3);
    }

    @Test
    void aLossThatAFlushFindsIsHeardOfWhenNothingElseIsUnderWay() {
        connect(1, first);
        first.stopListening();
        first.peers();
        world.network().resetAll();
        add(1);

        intercepts.flush();

        assertThat(events.all)
                .as("while the caller is in the middle of something")
                .containsExactly("reachable");
        assertThat(add(2)).as("its route goes over the next connection").isTrue();
        world.settle();
        assertThat(events.all)
                .containsExactly("reachable", "TC503 intercept " + first.endpoint() + ": Connection reset by peer");
        assertThat(add(3)).isFalse();
    }

    @Test
    void itIsToldWhenTheLastConnectionIsLostAndWhenOneIsBack() {
        connect(1, first);

        first.peers().get(0).close();
        world.until("it is connected again", () -> linksUp() == 1 && events.all.size() > 1);

        assertThat(events.all)
                .containsExactly(
                        "reachable", "TC503 intercept " + first.endpoint() + ": closed by the other end", "reachable");
    }

    @Test
    void aConnectionThatHasLastedIsMadeAgainSoon() {
        connect(1, first);
        for (int times = 1; times <= 4; times++) {
            world.pass(TimeUnit.SECONDS.toNanos(12));
            long lostNs = loseConnection(newestPeer());
            assertThat(msSince(lostNs)).as("loss %d", times).isLessThan(2 * FIRST_RETRY_MS);
        }
    }

    @Test
    void anInterceptThatIsBackIsBackForAllItsConnections() {
        connect(2, first);
        for (int times = 1; times <= 3; times++) {
            loseConnection(newestPeer());
        }

        first.peers().get(newestPeer()).close();
        long lostNs = loseConnection(0);

        assertThat(msSince(lostNs)).isLessThan(2 * FIRST_RETRY_MS);
    }

    @Test
    void anInterceptThatClosesEachConnectionIsAskedLessAndLessOften() {
        connect(2, first);
        int closed = 0;
        for (long endNs = world.nowNs() + TimeUnit.MINUTES.toNanos(1); world.nowNs() < endNs; ) {
            if (closed < first.peers().size()) {
                first.peers().get(closed++).close();
            }
            world.pass(TimeUnit.MILLISECONDS.toNanos(10));
        }

        assertThat(closed).as("connections in a minute").isLessThan(2 * 12);
    }

    /** The intercept closes one of its connections; returns when that was, once all are there again. */
    private long loseConnection(int peer) {
        int peers = first.peers().size();
        long all = linksUp();
        long lostNs = world.nowNs();
        first.peers().get(peer).close();
        world.settle();
        world.until("all are connected again", () -> first.peers().size() > peers && linksUp() == all);
        return lostNs;
    }

    private int newestPeer() {
        return first.peers().size() - 1;
    }

    private long msSince(long ns) {
        return TimeUnit.NANOSECONDS.toMillis(world.nowNs() - ns);
    }

    @Test
    void aConnectionThatSendsNonsenseIsMadeAnew() throws Exception {
        connect(1, first);

        first.peers().get(0).send((byte) 0xFF, (byte) 0xFF);

        world.until("it is connected again", () -> first.peers().size() == 2);
        assertThat(warnings())
                .containsExactly("TC504: lost intercept " + first.endpoint() + ": it sends what no intercept sends");
    }

    @Test
    void halfARecordIsLostWithItsConnection() {
        connect(1, first);
        byte[] batch = batchOfOne();
        first.peers().get(0).send(Arrays.copyOf(batch, batch.length / 2));
        world.settle();

        first.peers().get(0).close();
        world.until("it is connected again", () -> first.peers().size() == 2 && linksUp() == 1);
        first.peers().get(1).send(batch);
        world.settle();

        assertThat(events.all)
                .containsExactly(
                        "reachable",
                        "TC503 intercept " + first.endpoint() + ": closed by the other end",
                        "reachable",
                        "response");
    }

    private static byte[] batchOfOne() {
        ByteBuffer batch = ByteBuffer.allocate(Short.BYTES + TunnelFormat.COMBINED.recordLength());
        batch.putShort(0, (short) 1);
        new Ipv4Header()
                .wrap(batch, Short.BYTES)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH);
        new TcpHeader().wrap(batch, Short.BYTES + Ipv4Header.MIN_LENGTH).headerLength(TcpHeader.MIN_LENGTH);
        return batch.array();
    }

    @Test
    void anInterceptInAnotherModeIsNamedAndAskedLessAndLessOften() throws Exception {
        connect(1, first);
        long startNs = world.nowNs();
        for (int attempt = 0; attempt < 2; attempt++) {
            int made = attempt + 1;
            first.peers().get(attempt).send((byte) 0x45, (byte) 0);
            world.until("it is connected again", () -> first.peers().size() == made + 1);
        }

        assertThat(TimeUnit.NANOSECONDS.toMillis(world.nowNs() - startNs)).isGreaterThanOrEqualTo(3 * FIRST_RETRY_MS);
        String line = "TC504: lost intercept " + first.endpoint()
                + ": it does not combine its responses: give --disable-combined to both programs or to neither";
        assertThat(warnings()).containsExactly(line, line);
    }

    @Test
    void attemptsBecomeRarerAndOnlyTheFirstIsWarnedOf() throws Exception {
        first.stopListening();
        start(1, true, first);

        world.until("three attempts have failed", () -> events.unreachableNs.size() == 3);

        assertThat(msBetweenFailures(0)).isGreaterThanOrEqualTo(FIRST_RETRY_MS);
        assertThat(msBetweenFailures(1)).isGreaterThanOrEqualTo(2 * FIRST_RETRY_MS);
        assertThat(warnings())
                .containsExactly("TC501: cannot reach intercept " + first.endpoint() + ": Connection refused");
    }

    private long msBetweenFailures(int earlier) {
        long ns = events.unreachableNs.get(earlier + 1) - events.unreachableNs.get(earlier);
        return TimeUnit.NANOSECONDS.toMillis(ns);
    }

    @Test
    void aProgramThatEndsWithoutInterceptDoesNotWarnOfEachConnection() throws Exception {
        first.stopListening();
        start(2, false, first);

        world.until("it is told", () -> !events.all.isEmpty());

        assertThat(warnings()).isEmpty();
    }

    @Test
    void anInterceptThatIsMissingBesideOneThatIsThereIsWarnedOf() throws Exception {
        TestIntercept missing = listening();
        missing.stopListening();
        start(1, false, missing, first);

        world.until("it is warned of", () -> !warnings().isEmpty());

        assertThat(warnings())
                .containsExactly("TC501: cannot reach intercept " + missing.endpoint() + ": Connection refused");
        assertThat(events.all).containsExactly("reachable");
    }
}
