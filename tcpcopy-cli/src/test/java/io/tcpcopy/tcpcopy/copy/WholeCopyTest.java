package io.tcpcopy.tcpcopy.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.open.InjectKind;
import io.tcpcopy.inject.open.InjectSettings;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.intercept.report.InterceptMetric;
import io.tcpcopy.intercept.serve.InterceptService;
import io.tcpcopy.lab.CapturedConnection;
import io.tcpcopy.loop.LoopMetric;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.loop.SymptomTimer;
import io.tcpcopy.net.StartException;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.SessionGauge;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.DroppedRequests;
import io.tcpcopy.session.ledger.LedgerMetric;
import io.tcpcopy.tcpcopy.returnpath.TunnelMetric;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Both programs, the tunnel between them included, turned by hand: clients' packets go in at one end, and the requests
 * must arrive at a target, whose responses go back through intercept. No root, no sockets, no time but the test's.
 */
class WholeCopyTest {
    private static final int CLIENT = 0x0A010001;
    private static final int FIRST_PORT = 20_000;
    private static final long THINKING_NS = TimeUnit.MILLISECONDS.toNanos(20);
    /** From 10.1.0.1:1000 to 10.0.0.1:80, with two bytes. */
    private static final byte[] DATAGRAM =
            HexFormat.of().parseHex("4500001e000140004011" + "0000" + "0a0100010a000001" + "03e80050000a00006869");

    private static final Endpoint ONLINE = Endpoint.ipv4(0x0A000001, 80);
    private static final Endpoint TARGET = Endpoint.ipv4(0x0A000002, 8080);
    /** More memory ends tcpcopy. */
    private static final long MEMORY_LIMIT = 1 << 20;

    private final LoopWorld world = new LoopWorld();
    private final LossyTarget network = new LossyTarget();
    private final ProgramsInMemory programs = new ProgramsInMemory(world, world::nowNs, network::receive);
    private final List<String> requests = new ArrayList<>();
    private int clients;
    private InterceptService intercept;
    private CopyLoop copy;
    private boolean started;

    @AfterEach
    void theLedgerBalancesAndNothingWentWrong() {
        if (copy == null) {
            return;
        }
        assertThat(copy.metrics().get(LoopMetric.FAULTS)).isZero();
        if (intercept != null) {
            assertThat(intercept.metrics().get(LoopMetric.FAULTS)).isZero();
            assertThat(copy.metrics().get(LedgerMetric.CAPTURED_REQUESTS))
                    .isEqualTo(copy.metrics().get(LedgerMetric.DELIVERED_REQUESTS)
                            + copy.metrics().get(LedgerMetric.WAITING_REQUESTS)
                            + dropped());
        }
    }

    // -------------------------------------------------------------------------------------------------- programs

    private static CopySettings settings(int copies) {
        Settings session = Settings.of(List.of(new Transfer(ONLINE, TARGET)))
                .copies(copies)
                .build();
        return new CopySettings(session, InjectSettings.routed(InjectKind.AUTO), MEMORY_LIMIT);
    }

    private CopyLoop tcpcopy(boolean lonely) throws Exception {
        return programs.tcpcopy(settings(1), lonely);
    }

    private void startIntercept() throws Exception {
        network.responses = programs.targetsDevice();
        intercept = programs.intercept();
        intercept.start(() -> {});
    }

    private void startTcpcopy(CopyLoop tcpcopy) {
        copy = tcpcopy;
        copy.start(() -> started = true, () -> {});
        world.settle();
    }

    private void startBoth() throws Exception {
        startIntercept();
        startTcpcopy(tcpcopy(true));
        assertThat(started).isTrue();
    }

    // --------------------------------------------------------------------------------------------------- clients

    private CapturedConnection client() throws Exception {
        String name = "client-" + clients;
        CapturedConnection connection = new CapturedConnection(
                (timeNs, packet) -> programs.clientsDevice().capture(ByteBuffer.wrap(packet)),
                name,
                CLIENT,
                FIRST_PORT + clients++,
                ONLINE.address().bits(),
                ONLINE.port(),
                1000);
        requests.add("");
        return connection.open(0);
    }

    private void request(CapturedConnection client, int number) throws Exception {
        byte[] request = client.request(0);
        client.send(0, request).answered();
        requests.set(number, requests.get(number) + new String(request, StandardCharsets.ISO_8859_1));
    }

    /** So many clients with so many requests each, which take their time. */
    private void serve(int numberOfClients, int requestsOfEach) throws Exception {
        List<CapturedConnection> connections = new ArrayList<>();
        int first = requests.size();
        for (int i = 0; i < numberOfClients; i++) {
            connections.add(client());
        }
        for (int round = 0; round < requestsOfEach; round++) {
            world.pass(THINKING_NS);
            for (int i = 0; i < numberOfClients; i++) {
                request(connections.get(i), first + i);
            }
        }
        world.pass(THINKING_NS);
        for (CapturedConnection connection : connections) {
            connection.close(0);
        }
    }

    private long dropped() {
        long dropped = 0;
        for (DropReason reason : DropReason.values()) {
            dropped += copy.metrics().get(new DroppedRequests(reason));
        }
        return dropped;
    }

    /** Whether the program has ended its loop, so that nothing but its last words is left. */
    private boolean hasEnded() {
        return programs.tcpcopyLoop().isStopped();
    }

    private void awaitEndOfSessions() {
        world.until("all sessions are over", () -> copy.metrics().get(SessionGauge.LIVE) == 0);
    }

    private void assertThatAllHasArrived() {
        assertThat(network.target.read()).containsExactlyInAnyOrderElementsOf(requests);
        assertThat(dropped()).isZero();
    }

    // ----------------------------------------------------------------------------------------------------- tests

    @Test
    void everyRequestArrivesOnceAndEveryResponseComesBack() throws Exception {
        startBoth();
        serve(30, 5);
        awaitEndOfSessions();

        assertThatAllHasArrived();
        assertThat(copy.metrics().get(SessionCounter.CONNECTIONS)).isEqualTo(30);
        assertThat(copy.metrics().get(SessionCounter.RETRANSMITTED)).isZero();
        assertThat(copy.metrics().get(SessionCounter.RESPONSES))
                .isEqualTo(network.numberOfResponses())
                .isEqualTo(intercept.metrics().get(InterceptCounter.ROUTED));
        assertThat(intercept.metrics().get(InterceptCounter.DELAYED))
                .as("routes come before the SYNs that they are for")
                .isZero();
    }

    @Test
    void whatTheNetworkLosesIsSentAgain() throws Exception {
        network.packetsLost = number -> number % 7 == 3;
        network.responsesLost = number -> number % 5 == 2;
        startBoth();
        serve(30, 5);
        awaitEndOfSessions();

        assertThatAllHasArrived();
        assertThat(copy.metrics().get(SessionCounter.RETRANSMITTED)).isPositive();
    }

    @Test
    void aLostTunnelIsMadeAgainAndRunningConnectionsLoseNothing() throws Exception {
        startBoth();
        CapturedConnection client = client();
        world.pass(THINKING_NS);
        request(client, 0);
        world.pass(THINKING_NS);

        world.network().resetAll();
        world.settle();
        assertThat(copy.metrics().get(TunnelMetric.CONNECTIONS)).isZero();
        assertThat(intercept.metrics().get(InterceptMetric.ROUTES)).isZero();
        request(client, 0);
        world.settle();
        assertThat(network.target.read()).isNotEqualTo(requests);

        world.until("both connections are back", () -> copy.metrics().get(TunnelMetric.CONNECTIONS) == 2);
        assertThat(intercept.metrics().get(InterceptMetric.ROUTES)).isOne();
        client.close(0);
        awaitEndOfSessions();
        assertThatAllHasArrived();
    }

    @Test
    void connectionsThatBeginWhileTheTunnelIsLostWaitForItToComeBack() throws Exception {
        startBoth();
        // In the middle of a turn: its packets fill more than one batch, before each of which routes are sent.
        network.packetsLost = number -> {
            if (number == MemorySink.BATCH_PACKETS) {
                world.network().resetAll();
            }
            return false;
        };
        serve(30, 5);
        awaitEndOfSessions();

        assertThatAllHasArrived();
        assertThat(copy.metrics().get(SessionCounter.NO_ROUTE)).isZero();
    }

    @Test
    void whatBeginsWithoutATunnelIsNamed() throws Exception {
        startBoth();
        world.network().resetAll();
        world.settle();
        CapturedConnection client = client();
        request(client, 0);
        world.pass(THINKING_NS);

        assertThat(copy.metrics().get(new DroppedRequests(DropReason.NO_ROUTE))).isOne();
        assertThat(network.target.read()).isEmpty();
    }

    @Test
    void withoutInterceptItDoesNotStart() throws Exception {
        startTcpcopy(tcpcopy(false));

        assertThat(started).isFalse();
        assertThat(hasEnded()).isTrue();
        assertThatThrownBy(copy::finish)
                .isInstanceOf(StartException.class)
                .hasMessage("TC501: no intercept can be reached: intercept 10.0.0.3:36524: Connection refused"
                        + " (-L keeps running without one)");
    }

    @Test
    void anInterceptThatIsLostEndsItUnlessItGoesOnAlone() throws Exception {
        startIntercept();
        startTcpcopy(tcpcopy(false));
        intercept.finish();
        intercept.close();
        world.settle();

        assertThat(hasEnded()).isTrue();
        assertThatThrownBy(copy::finish)
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith(
                        "TC503: no intercept is left: intercept 10.0.0.3:36524: closed by the other end");
    }

    @Test
    void aStopEndsWhatIsUnderWayAndTheTargetIsTold() throws Exception {
        network.responsesLost = number -> number > 0;
        startBoth();
        CapturedConnection client = client();
        world.pass(THINKING_NS);
        request(client, 0);
        world.pass(THINKING_NS);
        assertThat(copy.metrics().get(LedgerMetric.WAITING_REQUESTS)).isOne();

        copy.stop();
        assertThat(hasEnded()).isTrue();
        assertThat(copy.finish()).isEqualTo(Daemon.OK);
        world.settle();

        assertThat(network.target.resets()).isOne();
        assertThat(copy.metrics().get(new DroppedRequests(DropReason.STOPPED))).isOne();
        assertThat(intercept.metrics().get(InterceptMetric.CONNECTIONS)).isZero();
    }

    @Test
    void tooMuchMemoryEndsIt() throws Exception {
        startBoth();
        programs.occupy(MEMORY_LIMIT + 1);
        world.pass(TimeUnit.SECONDS.toNanos(1));

        assertThat(hasEnded()).isTrue();
        assertThatThrownBy(copy::finish)
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("TC616: the memory limit is exceeded");
    }

    private List<String> symptoms(Happening happening) throws Exception {
        return logged(SymptomTimer.class.getName(), happening);
    }

    @Test
    void thatNothingIsCapturedIsSaidAfterTenSecondsAndOnceAMinute() throws Exception {
        List<String> early = symptoms(() -> {
            startBoth();
            world.pass(TimeUnit.SECONDS.toNanos(11));
        });
        assertThat(early).isEmpty();

        List<String> lines = symptoms(() -> world.pass(TimeUnit.SECONDS.toNanos(70)));
        assertThat(lines).hasSize(2).allMatch(line -> line.startsWith("TC106: nothing is captured: see with tcpdump"));
    }

    @Test
    void nothingIsSaidOfACopyThatWorksOrIsAskedForNothing() throws Exception {
        List<String> lines = symptoms(() -> {
            startBoth();
            world.pass(TimeUnit.SECONDS.toNanos(9));
            serve(1, 1);
            world.pass(TimeUnit.SECONDS.toNanos(120));
        });

        assertThat(lines).isEmpty();
    }

    @Test
    void aBrokenLegIsNamedByBothProgramsAfterTenSecondsAndThatItIsOver() throws Exception {
        List<String> lines = symptoms(() -> {
            startBoth();
            network.responsesLost = number -> true;
            for (int i = 0; i < 8; i++) {
                serve(1, 1);
                world.pass(TimeUnit.SECONDS.toNanos(2));
            }
            network.responsesLost = number -> false;
            serve(1, 1);
            world.pass(TimeUnit.SECONDS.toNanos(4));
        });

        assertThat(lines).hasSize(4);
        assertThat(lines.subList(0, 2))
                .anyMatch(line ->
                        line.matches("TC401: of \\d+ packets that left for the target, \\d+ of them again, not one"
                                + " was answered: see with tcpdump .*"))
                .anyMatch(
                        line -> line.matches(
                                "TC409: tcpcopy has asked \\d+ times for the responses of a connection, and not one is captured: .*"));
        assertThat(lines.subList(2, 4))
                .containsExactlyInAnyOrder(
                        "TC401: it is over that nothing comes back of what is sent",
                        "TC409: it is over that no responses are captured although tcpcopy asks for them");
    }

    @Test
    void anInterceptThatIsAwayIsNamedAndThatItIsBack() throws Exception {
        List<String> lines = symptoms(() -> {
            startIntercept();
            intercept.finish();
            intercept.close();
            startTcpcopy(tcpcopy(true));
            serve(1, 1);
            world.pass(TimeUnit.SECONDS.toNanos(14));
            startIntercept();
            world.pass(TimeUnit.SECONDS.toNanos(20));
        });

        assertThat(lines)
                .containsExactly(
                        "TC501: nothing comes back from intercept 10.0.0.3:36524: Connection refused (intercepts that are there: 0 of"
                                + " 1): start intercept there, or correct -s and -p",
                        "TC501: it is over that no intercept listens there");
    }

    @Test
    void anInterceptThatAcknowledgesNothingIsNamed() throws Exception {
        List<String> lines = symptoms(() -> {
            startBoth();
            world.network().silence(6000);
            network.responsesLost = number -> true;
            for (int i = 0; i < 8; i++) {
                serve(1, 1);
                world.pass(TimeUnit.SECONDS.toNanos(2));
            }
        });

        assertThat(lines)
                .filteredOn(line -> !line.startsWith("TC409"))
                .singleElement()
                .asString()
                .startsWith(
                        "TC502: nothing comes back from intercept 10.0.0.3:36524: it has acknowledged nothing for 6 s");
    }

    @Test
    void statisticsAreWrittenEvery30SecondsAndWhenAskedFor() throws Exception {
        List<String> lines = logged("io.tcpcopy.tcpcopy.report", () -> {
            startBoth();
            serve(1, 1);
            world.pass(TimeUnit.SECONDS.toNanos(30));
            copy.writeStatisticsNow();
            world.settle();
        });

        assertThat(lines)
                .filteredOn(line -> line.startsWith("conns:"))
                .hasSize(2)
                .containsOnly("conns:1,resp:3,c-resp:1");
    }

    private interface Happening {
        void run() throws Exception;
    }

    /** What a logger says meanwhile. */
    private static List<String> logged(String name, Happening happening) throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(name);
        lines.start();
        log.addAppender(lines);
        try {
            happening.run();
        } finally {
            log.detachAppender(lines);
        }
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void datagramsAreCopiedWithoutAnIntercept() throws Exception {
        startTcpcopy(programs.udpTcpcopy(settings(3)));
        programs.clientsDevice().capture(ByteBuffer.wrap(DATAGRAM));
        world.settle();

        assertThat(network.target.datagrams())
                .hasSize(3)
                .allSatisfy(text -> assertThat(text).matches("10\\.1\\.0\\.1:\\d+ to 10\\.0\\.0\\.2:8080: hi"))
                .doesNotHaveDuplicates();
        copy.stop();
        assertThat(copy.finish()).isEqualTo(Daemon.OK);
    }
}
