package io.tcpcopy.intercept.routing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.TunnelFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class HashRoutingTest {
    private static final int SESSIONS = 4096;

    private final Logger log = (Logger) LoggerFactory.getLogger(HashRouting.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
    private long nowNs = TimeUnit.DAYS.toNanos(1);
    private final HashRouting replacing = new HashRouting(false, counters, () -> nowNs);
    private final HashRouting protecting = new HashRouting(true, counters, () -> nowNs);

    @BeforeEach
    void keepLog() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void leaveLog() {
        log.detachAppender(lines);
    }

    @Test
    void sessionsAreSpreadOverAllConnections() {
        List<RecordedOwner> owners = join(replacing, 3);
        captureSessions(replacing);
        assertThat(owners).allSatisfy(owner -> assertThat(owner.ids).hasSizeBetween(SESSIONS / 4, SESSIONS / 2));
        assertThat(counters.get(InterceptCounter.ROUTED)).isEqualTo(SESSIONS);
    }

    @Test
    void allResponsesOfASessionTakeOneConnection() {
        List<RecordedOwner> owners = join(replacing, 7);
        for (int id = 0; id < 10; id++) {
            capture(replacing, 1000, id, id == 0 ? TcpHeader.SYN | TcpHeader.ACK : TcpHeader.ACK);
        }
        assertThat(owners)
                .filteredOn(owner -> !owner.ids.isEmpty())
                .singleElement()
                .satisfies(owner -> assertThat(owner.ids).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    }

    @Test
    void sixteenConnectionsGetResponsesAndThoseBeyondWaitForAPlace() {
        List<RecordedOwner> owners = join(replacing, 17);
        captureSessions(replacing);
        assertThat(owners.subList(0, 16))
                .allSatisfy(owner -> assertThat(owner.ids).isNotEmpty());
        assertThat(owners.get(16).ids).isEmpty();
        assertThat(owners.get(16).closed).isNull();
        assertThat(logged())
                .containsExactly(
                        "a tcpcopy has more than 16 connections: --single leaves those beyond without responses");

        replacing.left(owners.get(0));
        captureSessions(replacing);
        assertThat(owners.get(16).ids).isNotEmpty();
    }

    @Test
    void connectionsWithinThreeSecondsBelongTogether() {
        RecordedOwner first = join(replacing, 1).get(0);
        nowNs += TimeUnit.SECONDS.toNanos(4) - 1;
        RecordedOwner second = join(replacing, 1).get(0);
        captureSessions(replacing);
        assertThat(first.closed).isNull();
        assertThat(first.ids).isNotEmpty();
        assertThat(second.ids).isNotEmpty();
    }

    @Test
    void aLaterTcpcopyReplacesTheOneBefore() {
        List<RecordedOwner> old = join(replacing, 2);
        nowNs += TimeUnit.SECONDS.toNanos(4);
        List<RecordedOwner> later = join(replacing, 2);
        captureSessions(replacing);
        assertThat(old).allSatisfy(owner -> {
            assertThat(owner.closed).startsWith("replaced: another tcpcopy has connected");
            assertThat(owner.ids).isEmpty();
        });
        assertThat(later).allSatisfy(owner -> assertThat(owner.ids).isNotEmpty());
        assertThat(logged()).singleElement().asString().startsWith("another tcpcopy connects");
    }

    @Test
    void protectedConnectionsStayAndLaterOnesAreRefusedWhileOneOfThemLives() {
        List<RecordedOwner> first = join(protecting, 2);
        nowNs += TimeUnit.SECONDS.toNanos(4);
        RecordedOwner refused = join(protecting, 1).get(0);
        protecting.left(first.get(0));
        capture(protecting, 1000, 1, TcpHeader.ACK);
        assertThat(refused.closed).startsWith("refused: --single serves one tcpcopy");
        assertThat(first.get(1).closed).isNull();
        assertThat(first.get(1).ids).containsExactly(1);
        assertThat(counters.get(InterceptCounter.CONNECTIONS_REFUSED)).isOne();

        protecting.left(first.get(1));
        RecordedOwner next = join(protecting, 1).get(0);
        capture(protecting, 1000, 2, TcpHeader.ACK);
        assertThat(next.ids).containsExactly(2);
    }

    @Test
    void aConnectionThatTheTcpcopyHasLostComesBack() {
        for (HashRouting routing : List.of(replacing, protecting)) {
            List<RecordedOwner> first = join(routing, 2);
            nowNs += TimeUnit.SECONDS.toNanos(60);
            routing.left(first.get(0));
            RecordedOwner again = join(routing, 1).get(0);
            captureSessions(routing);
            assertThat(again.closed).isNull();
            assertThat(again.ids).isNotEmpty();
            assertThat(first.get(1).closed).isNull();
            assertThat(first.get(1).ids).isNotEmpty();
        }
        assertThat(logged()).isEmpty();
    }

    @Test
    void noOtherTcpcopyTakesThePlaceOfALostConnection() {
        List<RecordedOwner> first = join(protecting, 2);
        nowNs += TimeUnit.SECONDS.toNanos(60);
        protecting.left(first.get(0));
        RecordedOwner elsewhere = new RecordedOwner("10.2.0.9");
        protecting.joined(elsewhere);
        assertThat(elsewhere.closed).startsWith("refused: --single serves one tcpcopy");

        RecordedOwner again = join(protecting, 1).get(0);
        RecordedOwner oneTooMany = join(protecting, 1).get(0);
        assertThat(again.closed).isNull();
        assertThat(oneTooMany.closed).startsWith("refused: --single serves one tcpcopy");
    }

    @Test
    void whatComesWhileNobodyIsConnectedIsCountedByKind() {
        capture(replacing, 1000, 1, TcpHeader.SYN | TcpHeader.ACK);
        capture(replacing, 1000, 2, TcpHeader.ACK);
        capture(replacing, 1000, 3, TcpHeader.ACK | TcpHeader.FIN);
        assertThat(counters.get(InterceptCounter.NOT_ROUTED_SYN_RST)).isOne();
        assertThat(counters.get(InterceptCounter.NOT_ROUTED_ACK)).isOne();
        assertThat(counters.get(InterceptCounter.NOT_ROUTED_FIN)).isOne();
        RecordedOwner late = join(replacing, 1).get(0);
        assertThat(late.ids).isEmpty();
    }

    @Test
    void routesAreIgnoredAndWarnedOfOnce() {
        List<RecordedOwner> owners = join(replacing, 2);
        for (int port = 0; port < 100; port++) {
            nowNs += TimeUnit.SECONDS.toNanos(2);
            replacing.addRoute(TestPacket.flow(port), owners.get(0));
        }
        assertThat(logged())
                .containsExactly(
                        "a tcpcopy sends routes, which --single ignores: give --single to both programs or to neither");
        assertThat(replacing.routes()).isZero();
    }

    private static List<RecordedOwner> join(HashRouting routing, int count) {
        List<RecordedOwner> owners =
                IntStream.range(0, count).mapToObj(i -> new RecordedOwner()).toList();
        owners.forEach(routing::joined);
        return owners;
    }

    private void captureSessions(HashRouting routing) {
        for (int session = 0; session < SESSIONS; session++) {
            capture(routing, 1024 + session, session, TcpHeader.ACK);
        }
    }

    private void capture(HashRouting routing, int clientPort, int id, int flags) {
        TestPacket packet = new TestPacket(clientPort, id, flags, 0);
        new ResponseRouter(routing, TunnelFormat.COMBINED, ContainerAddress.NONE, counters)
                .packet(Captured.whole(packet.buffer));
    }

    private List<String> logged() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
