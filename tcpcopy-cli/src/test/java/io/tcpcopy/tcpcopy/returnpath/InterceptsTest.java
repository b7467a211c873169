package io.tcpcopy.tcpcopy.returnpath;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.loop.LoopDriver;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.tcpcopy.returnpath.TestIntercept.Peer;
import io.tcpcopy.tunnel.RouteMessage;
import io.tcpcopy.tunnel.TunnelFormat;
import io.tcpcopy.tunnel.TunnelMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The tunnel's end at tcpcopy, with intercepts on loopback. A session's number is also its client port. */
class InterceptsTest {
    private static final int CLIENT = 0x0A000009;
    private static final int TARGET = 0x0A000002;
    private static final int TARGET_PORT = 8080;
    private static final long FIRST_RETRY_MS = 500;

    private final Logger log = (Logger) LoggerFactory.getLogger(InterceptLink.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final List<Integer> sessions = new ArrayList<>();
    private final Events events = new Events();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private LoopDriver driver;
    private TestIntercept first;
    private Intercepts intercepts;

    /** What the intercepts say of themselves. */
    private final class Events implements Intercepts.Listener {
        private final List<String> all = new ArrayList<>();
        private final List<Long> unreachableNs = new ArrayList<>();

        @Override
        public void reachable() {
            all.add("reachable");
        }

        @Override
        public void unreachable(String reason) {
            all.add(reason);
            unreachableNs.add(driver.loop().nowNs());
        }
    }

    @BeforeEach
    void open() throws Exception {
        lines.start();
        log.addAppender(lines);
        driver = new LoopDriver();
        first = listening();
    }

    @AfterEach
    void close() throws Exception {
        intercepts.close();
        for (AutoCloseable each : opened) {
            each.close();
        }
        driver.close();
        log.detachAppender(lines);
    }

    private TestIntercept listening() throws Exception {
        TestIntercept intercept = new TestIntercept();
        opened.add(intercept);
        return intercept;
    }

    private void start(int parallel, boolean lonely, TestIntercept... servers) {
        start(parallel, TunnelMode.DEFAULT, lonely, servers);
    }

    private void start(int parallel, TunnelMode mode, boolean lonely, TestIntercept... servers) {
        intercepts = new Intercepts(
                driver.loop(),
                new ReturnPathSettings(
                        Stream.of(servers).map(TestIntercept::endpoint).toList(), parallel, mode, lonely),
                response -> {});
        intercepts.start(visitor -> sessions.forEach(number -> visitor.route(number, flow(number))), events);
    }

    private void connect(int parallel, TestIntercept... servers) {
        start(parallel, true, servers);
        driver.runUntil("all are connected", () -> intercepts.linksUp() == parallel * servers.length);
        for (TestIntercept server : servers) {
            assertThat(server.peers()).hasSize(parallel);
        }
    }

    private static Flow flow(int clientPort) {
        return new Flow().client(CLIENT, clientPort).server(TARGET, TARGET_PORT);
    }

    private boolean add(int sessionNumber) {
        sessions.add(sessionNumber);
        return intercepts.add(sessionNumber, flow(sessionNumber));
    }

    private void addFour() {
        for (int number = 0; number < 4; number++) {
            assertThat(add(number)).isTrue();
        }
    }

    private void awaitRoutes(Peer peer, Integer... clientPorts) {
        driver.runUntil(
                "routes " + Arrays.toString(clientPorts), () -> peer.added().size() >= clientPorts.length);
        assertThat(peer.added()).containsExactly(clientPorts);
    }

    private List<String> warnings() {
        return lines.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void sessionsTakeTheConnectionsInTurn() {
        connect(2, first);

        addFour();

        awaitRoutes(first.peers().get(0), 0, 2);
        awaitRoutes(first.peers().get(1), 1, 3);
    }

    @Test
    void aRouteIsRemovedOverTheConnectionThatCarriesIt() {
        connect(2, first);
        addFour();

        intercepts.remove(1, flow(1));

        driver.runUntil(
                "route 1 is removed", () -> first.peers().get(1).deleted().equals(List.of(1)));
        assertThat(first.peers().get(0).deleted()).isEmpty();
    }

    @Test
    void everyConnectionBeginsWithTheVersion() {
        connect(2, first);
        for (Peer peer : first.peers()) {
            driver.runUntil("the version is announced", () -> peer.version() == RouteMessage.VERSION);
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
        peer.reset();
        driver.runUntil("the connection is lost", () -> intercepts.linksUp() == 0);
        assertThat(routes.add(0, flow(0))).isFalse();
    }

    @Test
    void withoutRoutesNoneIsSentAgainOverANewConnection() {
        connectWithoutRoutes();
        sessions.add(1);

        first.peers().get(0).reset();
        driver.runUntil("it is connected again", () -> first.peers().size() == 2 && intercepts.linksUp() == 1);

        add(2);
        awaitRoutes(first.peers().get(1), 2);
    }

    private void connectWithoutRoutes() {
        start(1, new TunnelMode(TunnelFormat.COMBINED, true, false), true, first);
        driver.runUntil("it is connected", () -> intercepts.linksUp() == 1);
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
        driver.runUntil("both attempts have failed", () -> !events.all.isEmpty());

        assertThat(add(0)).isFalse();
        assertThat(events.all).containsExactly("intercept " + first.endpoint() + ": Connection refused");
    }

    @Test
    void routesOfALostConnectionGoOverTheOtherUntilItIsBack() {
        connect(2, first);
        addFour();
        awaitRoutes(first.peers().get(1), 1, 3);

        first.peers().get(1).reset();
        awaitRoutes(first.peers().get(0), 0, 2, 1, 3);
        assertThat(events.all).containsExactly("reachable");

        driver.runUntil("the connection is back", () -> first.peers().size() == 3);
        awaitRoutes(first.peers().get(2), 1, 3);
        assertThat(first.peers().get(0).added()).containsExactly(0, 2, 1, 3);
    }

    @Test
    void routesOfAConnectionThatFailsWhileTheTurnEndsLeaveInThatTurn() {
        List<List<Integer>> seenAtTheEndOfTheTurn = new ArrayList<>();
        List<Runnable> beforeTheFlush = new ArrayList<>();
        driver.loop().onTurnEnd(() -> beforeTheFlush.forEach(Runnable::run));
        connect(2, first);
        driver.loop().onTurnEnd(() -> {
            if (!beforeTheFlush.isEmpty()) {
                seenAtTheEndOfTheTurn.add(List.copyOf(first.peers().get(0).added()));
                beforeTheFlush.clear();
            }
        });

        beforeTheFlush.add(() -> {
            first.peers().get(1).reset();
            add(1);
        });
        driver.runUntil("a turn has ended", () -> !seenAtTheEndOfTheTurn.isEmpty());

        assertThat(seenAtTheEndOfTheTurn).containsExactly(List.of(1));
    }

    @Test
    void itIsToldWhenTheLastConnectionIsLostAndWhenOneIsBack() {
        connect(1, first);

        first.peers().get(0).reset();
        driver.runUntil("it is connected again", () -> intercepts.linksUp() == 1 && events.all.size() > 1);

        assertThat(events.all)
                .containsExactly(
                        "reachable", "intercept " + first.endpoint() + ": Connection reset by peer", "reachable");
    }

    @Test
    void aConnectionThatSendsNonsenseIsMadeAnew() throws Exception {
        connect(1, first);

        first.peers().get(0).send((byte) 0xFF, (byte) 0xFF);

        driver.runUntil("it is connected again", () -> first.peers().size() == 2);
        assertThat(warnings())
                .containsExactly("lost intercept " + first.endpoint() + ": it sends what no intercept sends");
    }

    @Test
    void anInterceptInAnotherModeIsNamedAndAskedLessAndLessOften() throws Exception {
        connect(1, first);
        long startNs = driver.loop().nowNs();
        for (int attempt = 0; attempt < 2; attempt++) {
            int made = attempt + 1;
            first.peers().get(attempt).send((byte) 0x45, (byte) 0);
            driver.runUntil("it is connected again", () -> first.peers().size() == made + 1);
        }

        assertThat(TimeUnit.NANOSECONDS.toMillis(driver.loop().nowNs() - startNs))
                .isGreaterThanOrEqualTo(3 * FIRST_RETRY_MS);
        String line = "lost intercept " + first.endpoint()
                + ": it does not combine its responses: give --disable-combined to both programs or to neither";
        assertThat(warnings()).containsExactly(line, line);
    }

    @Test
    void attemptsBecomeRarerAndOnlyTheFirstIsWarnedOf() throws Exception {
        first.stopListening();
        start(1, true, first);

        driver.runUntil("three attempts have failed", () -> events.unreachableNs.size() == 3);

        assertThat(msBetweenFailures(0)).isGreaterThanOrEqualTo(FIRST_RETRY_MS);
        assertThat(msBetweenFailures(1)).isGreaterThanOrEqualTo(2 * FIRST_RETRY_MS);
        assertThat(warnings()).containsExactly("cannot reach intercept " + first.endpoint() + ": Connection refused");
    }

    private long msBetweenFailures(int earlier) {
        long ns = events.unreachableNs.get(earlier + 1) - events.unreachableNs.get(earlier);
        return TimeUnit.NANOSECONDS.toMillis(ns);
    }

    @Test
    void aProgramThatEndsWithoutInterceptDoesNotWarnOfEachConnection() throws Exception {
        first.stopListening();
        start(2, false, first);

        driver.runUntil("it is told", () -> !events.all.isEmpty());

        assertThat(warnings()).isEmpty();
    }

    @Test
    void anInterceptThatIsMissingBesideOneThatIsThereIsWarnedOf() throws Exception {
        TestIntercept missing = listening();
        missing.stopListening();
        start(1, false, missing, first);

        driver.runUntil("it is warned of", () -> !warnings().isEmpty());

        assertThat(warnings()).containsExactly("cannot reach intercept " + missing.endpoint() + ": Connection refused");
        assertThat(events.all).containsExactly("reachable");
    }
}
