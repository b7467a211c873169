package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.SessionGauge;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.TargetLink;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.shed.NarrowPlace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Connections are left out whole, and only when not all get through. */
class SheddingTest {
    private static final int ONLINE = 0x0A010064;
    private static final int TARGET = 0x0A020064;
    private static final int FIRST_CLIENT = 0x0A010001;
    private static final int CLIENTS = 1000;
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final ByteBuffer packet = ByteBuffer.allocateDirect(Ipv4Header.MAX_TOTAL_LENGTH);
    /** Of which something has left, since the set was emptied last. */
    private final Set<Integer> copied = new HashSet<>();

    private final List<Integer> synsLeft = new ArrayList<>();
    private boolean room = true;
    private long nowNs;
    private SessionEngine engine = engine(settings());

    private static Settings.Builder settings() {
        return Settings.of(List.of(new Transfer(Endpoint.ipv4(ONLINE, 80), Endpoint.ipv4(TARGET, 8080))));
    }

    private SessionEngine engine(Settings.Builder settings) {
        WireLink link = new WireLink((bytes, length) -> {
            Ipv4Header ip = new Ipv4Header().wrap(bytes, 0);
            copied.add(ip.source() - FIRST_CLIENT);
            if (new TcpHeader().wrap(bytes, ip.headerLength()).has(TcpHeader.SYN)) {
                synsLeft.add(ip.source() - FIRST_CLIENT);
            }
        });
        return new SessionEngine(
                settings.build(),
                new TargetLink() {
                    @Override
                    public void send(OutgoingPacket outgoing) {
                        link.send(outgoing);
                    }

                    @Override
                    public boolean hasRoom(int address, int port) {
                        return room;
                    }
                },
                new AllRoutes(),
                Faults::rethrow);
    }

    private void pass(long timeNs) {
        nowNs += timeNs;
        engine.turn(nowNs);
        engine.runDue();
        engine.turnEnded();
    }

    private void send(int client, String flags, int seq, int length, int ack) {
        Map<String, Integer> fields =
                new TreeMap<>(Map.of("src", FIRST_CLIENT + client, "sport", 40000, "dst", ONLINE, "dport", 80));
        Integer acked = flags.equals("S") ? null : Integer.valueOf(ack);
        int bytes = new Segment(flags, seq, length, acked, fields, null).write(packet);
        engine.clientPacket(Captured.whole(packet, bytes), OutgoingPacket.TIME_UNKNOWN);
    }

    private void respond(int client, String flags, int seq, int ack) {
        Map<String, Integer> fields =
                new TreeMap<>(Map.of("src", TARGET, "sport", 8080, "dst", FIRST_CLIENT + client, "dport", 40000));
        int length = new Segment(flags, seq, 0, ack, fields, null).write(packet);
        engine.response(packet, 0, length);
    }

    /** All clients begin a connection; returns those that are copied. */
    private Set<Integer> open(int iss) {
        copied.clear();
        for (int client = 0; client < CLIENTS; client++) {
            send(client, "S", iss, 0, 0);
        }
        return Set.copyOf(copied);
    }

    private int copiedPercent() {
        return engine.copiedShares().get(0).percent();
    }

    @Test
    void allAreCopiedWhileAllGetThrough() {
        pass(SECOND_NS);

        assertThat(open(1000)).hasSize(CLIENTS);
        assertThat(Counted.of(engine, SessionGauge.COPIED_OF_100)).isEqualTo(100);
        assertThat(Counted.of(engine, SessionCounter.SHED)).isZero();
    }

    @Test
    void lessThanGetsThroughIsCopiedThen() {
        engine.captureIsNarrow(0.5);

        assertThat(copiedPercent()).isEqualTo(30);
        assertThat(engine.copiedShares().get(0).narrowPlace()).isEqualTo(NarrowPlace.CAPTURE);
        assertThat(open(1000).size()).isBetween(CLIENTS * 23 / 100, CLIENTS * 37 / 100);
        assertThat(Counted.of(engine, SessionCounter.SHED)).isEqualTo(CLIENTS - copied.size());
    }

    @Test
    void ofAConnectionThatIsLeftOutNothingIsCopied() {
        engine.captureIsNarrow(0);
        Set<Integer> taken = open(1000);

        copied.clear();
        for (int client = 0; client < CLIENTS; client++) {
            send(client, ".", 1001, 0, 9001);
            send(client, "P", 1001, 100, 9001);
            send(client, "S", 1000, 0, 0);
        }
        // Everything would be copied now, but what is left out stays left out, however long it goes on.
        for (int i = 0; i < 100; i++) {
            pass(SECOND_NS);
        }
        assertThat(copiedPercent()).isEqualTo(100);
        for (int client = 0; client < CLIENTS; client++) {
            send(client, "P", 1101, 50, 9101);
            send(client, "P", 1001, 100, 9001);
            send(client, "F", 1151, 0, 9201);
            send(client, "P", 1101, 50, 9101);
            send(client, ".", 1152, 0, 9202);
        }

        assertThat(taken).containsAll(copied);
        long shed = CLIENTS - taken.size();
        assertThat(engine.ledger().droppedBytes(DropReason.SHED)).isEqualTo(150 * shed);
        assertThat(engine.ledger().droppedRequests(DropReason.SHED)).isEqualTo(2 * shed);
        assertThat(engine.ledger().droppedBytes(DropReason.DUPLICATE)).isGreaterThanOrEqualTo(150 * shed);
        assertThat(Counted.of(engine, SessionCounter.SHED)).isEqualTo(shed);
        LedgerBalance.check(engine);
    }

    @Test
    void aConnectionIsForgottenSomeTimeBehindItsEnd() {
        engine.captureIsNarrow(0);
        long shed = CLIENTS - open(1000).size();
        for (int client = 0; client < CLIENTS; client++) {
            send(client, ".", 1001, 0, 9001);
            send(client, client % 2 == 0 ? "F" : "R", 1001, 0, 9001);
        }
        assertThat(Counted.of(engine, SessionGauge.SHED)).isEqualTo(shed);

        pass(11 * SECOND_NS);

        assertThat(Counted.of(engine, SessionGauge.SHED)).isZero();
    }

    @Test
    void aConnectionIsForgottenWhoseClientIsSilentForTheTimeout() {
        engine = engine(settings().timeoutsNs(60 * SECOND_NS, 60 * SECOND_NS));
        engine.captureIsNarrow(0);
        long shed = CLIENTS - open(1000).size();
        for (int client = 0; client < CLIENTS; client++) {
            send(client, ".", 1001, 0, 9001);
        }

        pass(59 * SECOND_NS);
        assertThat(Counted.of(engine, SessionGauge.SHED)).isEqualTo(shed);
        pass(2 * SECOND_NS);
        assertThat(Counted.of(engine, SessionGauge.SHED)).isZero();
    }

    @Test
    void aNewConnectionOfTheSamePairIsDecidedAnew() {
        engine.captureIsNarrow(0);
        open(1000);
        for (int client = 0; client < CLIENTS; client++) {
            send(client, ".", 1001, 0, 9001);
            send(client, "F", 1001, 0, 9001);
        }
        while (copiedPercent() < 10) {
            pass(SECOND_NS / 2);
            for (int client = 0; client < CLIENTS; client++) {
                send(client, ".", 1002, 0, 9002);
            }
        }
        int percent = copiedPercent();
        synsLeft.clear();
        for (int client = 0; client < CLIENTS; client++) {
            send(client, "S", 500_000, 0, 0);
        }
        assertThat(synsLeft.size()).isBetween(CLIENTS * percent / 200, CLIENTS * percent / 50);
    }

    /** It may be a stray one: nothing is known of the client's numbers but that it goes on. */
    @Test
    void anotherSynOfAConnectionThatGoesOnChangesNothing() {
        engine.captureIsNarrow(0);
        Set<Integer> taken = open(1000);
        for (int client = 0; client < CLIENTS; client++) {
            send(client, ".", 1001, 0, 9001);
        }
        for (int i = 0; i < 60; i++) {
            pass(SECOND_NS);
        }
        copied.clear();
        for (int client = 0; client < CLIENTS; client++) {
            send(client, "S", 500_000, 0, 0);
            send(client, "P", 1001, 100, 9001);
        }
        assertThat(taken).containsAll(copied);
    }

    @Test
    void whatIsCopiedAlreadyIsNeverLeftOut() {
        assertThat(open(1000)).hasSize(CLIENTS);
        engine.captureIsNarrow(0);
        copied.clear();

        for (int client = 0; client < CLIENTS; client++) {
            send(client, "S", 1000, 0, 0);
            respond(client, "S", 5000, 1001);
            send(client, ".", 1001, 0, 9001);
            send(client, "P", 1001, 100, 9001);
        }

        assertThat(copied).hasSize(CLIENTS);
        assertThat(Counted.of(engine, SessionCounter.SHED)).isZero();
    }

    @Test
    void theLedgerHasThePayloadOfAllCopies() {
        engine = engine(settings().copies(3));
        engine.captureIsNarrow(0);
        for (int client = 0; client < CLIENTS; client++) {
            send(client, "S", 1000, 0, 0);
            send(client, "P", 1001, 100, 9001);
        }

        long shed = Counted.of(engine, SessionCounter.SHED);
        assertThat(shed).isGreaterThan(CLIENTS / 2);
        assertThat(engine.ledger().droppedBytes(DropReason.SHED)).isEqualTo(300 * shed);
        assertThat(engine.ledger().droppedRequests(DropReason.SHED)).isEqualTo(3 * shed);
        LedgerBalance.check(engine);
    }

    @Test
    void theShareComesBackToWhatGotThroughWhenNothingWaitsAndRisesSlowlyFromThere() {
        engine.captureIsNarrow(0.5);
        // What still waits is being read.
        for (int i = 0; i < 10; i++) {
            engine.captureIsNarrow(1.5);
            pass(SECOND_NS);
        }
        assertThat(copiedPercent()).isEqualTo(30);

        pass(SECOND_NS);
        assertThat(copiedPercent()).isEqualTo(45);
        pass(SECOND_NS);
        assertThat(copiedPercent()).isEqualTo(47);
        for (int i = 0; i < 15; i++) {
            pass(SECOND_NS);
        }
        assertThat(copiedPercent()).isEqualTo(100);
    }

    @Test
    void itFallsOnceUntilThatCanHaveHadAnEffect() {
        engine.captureIsNarrow(0.5);
        pass(SECOND_NS / 4);
        engine.captureIsNarrow(0.5);
        assertThat(copiedPercent()).isEqualTo(30);

        pass(SECOND_NS / 4);
        engine.captureIsNarrow(0.5);
        assertThat(copiedPercent()).isEqualTo(9);
    }

    /** Twice as many clients begin a connection, the target answers all but each n-th, and its SYN is repeated. */
    private void haveUnanswered(int eachNth) {
        pass(SECOND_NS);
        for (int client = 0; client < 2 * CLIENTS; client++) {
            send(client, "S", 1000, 0, 0);
            if (client % eachNth != 0) {
                respond(client, "S", 5000, 1001);
            }
            if (client % CLIENTS == CLIENTS - 1) {
                pass(SECOND_NS / 2);
            }
        }
    }

    @Test
    void manyUnansweredHandshakesAreAReason() {
        haveUnanswered(2);

        assertThat(copiedPercent()).isEqualTo(30);
        assertThat(engine.copiedShares().get(0).narrowPlace()).isEqualTo(NarrowPlace.HANDSHAKES);
    }

    /** As in a network that loses a tenth of the packets on either way. */
    @Test
    void aFifthOfThemIsNoReason() {
        haveUnanswered(5);

        assertThat(copiedPercent()).isEqualTo(100);
    }

    /** A target that pauses. */
    @Test
    void manyAtOneTimeAloneAreNoReason() {
        pass(SECOND_NS);
        open(1000);
        respond(0, "S", 5000, 1001);
        pass(SECOND_NS);
        pass(SECOND_NS);

        assertThat(copiedPercent()).isEqualTo(100);
    }

    @Test
    void aTargetThatAnswersNoneIsNoReason() {
        pass(SECOND_NS);
        open(1000);
        pass(SECOND_NS);
        pass(SECOND_NS);

        assertThat(copiedPercent()).isEqualTo(100);
    }

    @Test
    void noRoomWhileEverMoreWaitsIsAReason() {
        pass(SECOND_NS);
        room = false;
        pass(SECOND_NS / 4);
        for (int look = 1; look <= 2; look++) {
            assertThat(copiedPercent()).isEqualTo(100);
            send(look, "S", 1000, 0, 0);
            pass(SECOND_NS / 2);
        }

        assertThat(copiedPercent()).isEqualTo(54);
        assertThat(engine.copiedShares().get(0).narrowPlace()).isEqualTo(NarrowPlace.INJECTION);
    }

    /** An upload that the link holds back. */
    @Test
    void noRoomAloneIsNoReason() {
        pass(SECOND_NS);
        room = false;
        send(1, "S", 1000, 0, 0);
        for (int look = 1; look <= 10; look++) {
            pass(SECOND_NS / 2);
        }

        assertThat(copiedPercent()).isEqualTo(100);
    }

    @Test
    void whereAsManyStayUnansweredWhenFewAreTriedAllAreTriedAgain() {
        pass(SECOND_NS);
        int client = 0;
        int least = 100;
        boolean given = false;
        for (int look = 0; look < 120; look++) {
            // So many that of a hundredth there is one unanswered.
            for (int i = 0; i < 5000; i++) {
                send(++client, "S", 1000, 0, 0);
                if (client % 2 != 0) {
                    respond(client, "S", 5000, 1001);
                }
            }
            pass(SECOND_NS / 2);
            least = Math.min(least, copiedPercent());
            given |= least < 10 && copiedPercent() == 100;
        }

        assertThat(least).isLessThan(10);
        assertThat(given).isTrue();
        assertThat(copiedPercent()).isEqualTo(100);
    }

    @Test
    void aStrayResetDoesNotMakeAConnectionJoinInTheMiddle() {
        engine.captureIsNarrow(0);
        Set<Integer> taken = open(1000);
        for (int client = 0; client < CLIENTS; client++) {
            send(client, ".", 1001, 0, 9001);
            send(client, "R", 900_000_000, 0, 9001);
        }
        waitUntilAllAreCopied();
        copied.clear();
        for (int client = 0; client < CLIENTS; client++) {
            send(client, "P", 1001, 100, 9001);
        }

        assertThat(taken).containsAll(copied);
    }

    @Test
    void aNewConnectionWhoseFormersEndWasMissedIsLeftOutAndCounted() {
        engine.captureIsNarrow(0);
        long shed = CLIENTS - open(1000).size();
        for (int client = 0; client < CLIENTS; client++) {
            send(client, "P", 1001, 100, 9001);
            send(client, "S", 700, 0, 0);
            send(client, ".", 701, 0, 9901);
            send(client, "P", 701, 50, 9901);
        }

        assertThat(Counted.of(engine, SessionCounter.SHED)).isEqualTo(2 * shed);
        assertThat(engine.ledger().droppedBytes(DropReason.SHED)).isEqualTo(150 * shed);
        assertThat(engine.ledger().droppedRequests(DropReason.SHED)).isEqualTo(2 * shed);
    }

    /** Its SYN was not captured, or it is older than the copy. */
    @Test
    void aConnectionThatWouldBeginMidStreamIsLeftOutLikewise() {
        engine.captureIsNarrow(0);
        for (int client = 0; client < CLIENTS; client++) {
            send(client, "P", 1001, 100, 9001);
        }

        assertThat(copied.size()).isLessThan(CLIENTS / 10);
        assertThat(Counted.of(engine, SessionCounter.SHED)).isEqualTo(CLIENTS - copied.size());
        assertThat(engine.ledger().droppedBytes(DropReason.SHED)).isEqualTo(100L * (CLIENTS - copied.size()));
    }

    private void waitUntilAllAreCopied() {
        while (copiedPercent() < 100) {
            pass(SECOND_NS);
        }
    }

    @Test
    void nothingIsLeftOutWhereThatIsNotWanted() {
        engine = engine(settings().sheds(false));
        engine.captureIsNarrow(0);

        assertThat(open(1000)).hasSize(CLIENTS);
    }
}
