package io.tcpcopy.tcpcopy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.Counted;
import io.tcpcopy.session.SessionEngine;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.ledger.DropReason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What must hold of a world: of each packet that leaves for the target, after each step, and at the end. */
final class Expectations {
    /** As long as what is left of a session is kept at least. */
    private static final long REMEMBERED_NS = TimeUnit.SECONDS.toNanos(6);
    /** As long as it is kept at most while its client goes on: a request that goes on for longer is joined in its midst. */
    private static final long LONGEST_REMEMBERED_NS = TimeUnit.SECONDS.toNanos(30);

    /** From the target to the session, where nothing stalls: shorter than the session waits to repeat its SYN. */
    private static final long MAX_ANSWER_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Of one connection, all of which may be lost, or all answers to them. */
    private static final int MAX_SYNS = 5;
    /** The same where the tunnel stalls, so that a SYN is not repeated before the answer to it may have come. */
    private static final int MAX_SYNS_ON_SLOW_PATH = 2;

    private static final long MAX_BYTES_AFTER_END = 4 << 20;

    private static final Set<InterceptCounter> NOT_ROUTED = EnumSet.of(
            InterceptCounter.NOT_ROUTED_SYN_RST, InterceptCounter.NOT_ROUTED_FIN, InterceptCounter.NOT_ROUTED_PAYLOAD);

    private final Nature nature;
    private final Weather weather;
    private final Coverage coverage;
    private final Programs programs;
    private final Paths paths;
    private final CopiedConnections connections;
    private final Conflicts conflicts;
    private final Host target;
    private final Trace trace;

    Expectations(
            Nature nature,
            Weather weather,
            Coverage coverage,
            Programs programs,
            Paths paths,
            CopiedConnections connections,
            Conflicts conflicts,
            Host target,
            Trace trace) {
        this.nature = nature;
        this.weather = weather;
        this.coverage = coverage;
        this.programs = programs;
        this.paths = paths;
        this.connections = connections;
        this.conflicts = conflicts;
        this.target = target;
        this.trace = trace;
    }

    /** As assertThat, which would take most of the time. */
    static void expect(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("not so: " + what);
        }
    }

    /** A packet leaves for the target. */
    static void checkLeaving(ByteBuffer packet, Endpoint target) {
        Ipv4Header ip = new Ipv4Header().wrap(packet, 0);
        TcpHeader tcp = new TcpHeader().wrap(packet, Ipv4Header.MIN_LENGTH);
        expect(
                ip.destination() == target.address().bits() && tcp.destinationPort() == target.port(),
                "packets leave for the target alone");
        expect(ip.totalLength() == packet.limit(), "the length is the packet's");
        int tcpLength = packet.limit() - Ipv4Header.MIN_LENGTH;
        expect(
                tcp.checksum() == Checksum.tcp(packet, ip.source(), ip.destination(), tcp.offset(), tcpLength),
                "the checksum is right");
    }

    /**
     * A packet leaves for a connection of the target.
     *
     * @param end the target's
     */
    void checkLeaving(TcpPacket packet, Tcp end, long nowNs) {
        expect(
                !packet.has(TcpHeader.ACK) || TcpSeq.lessThanOrEqual(packet.ack(), end.sndNxt()),
                "nothing is acknowledged that the target has not sent");
        expect(
                packet.length() <= end.announcedMss() || end.state() == Tcp.State.SYN_RECEIVED,
                "no segment is longer than the target takes");
        // What a former connection says last can be taken for a challenge: then the SYN is repeated at once.
        boolean unheard = packet.isSyn()
                && end.state() == Tcp.State.SYN_RECEIVED
                && end.irs() == packet.seq()
                && nowNs - end.heardNs() > MAX_ANSWER_NS
                && programs.roomFromNs() <= end.heardNs();
        expect(
                !unheard || !weather.copiesSafely() || weather.stalls() > 0,
                "where nothing is lost the answer to a SYN is heard before the SYN is repeated");
    }

    /** A connection to the target begins at a place of its client's stream: no half of a request goes there as one of its own. */
    void checkBegin(CopiedConnection copied, int begin) {
        // What overtakes the first packet of a request is told from that while the connection before is remembered.
        boolean inOrder = weather.online().lost() == 0 && weather.online().reordered() == 0;
        boolean isRemembered =
                (inOrder || copied.longestPauseNs() < REMEMBERED_NS) && copied.capturedForNs() < LONGEST_REMEMBERED_NS;
        if (weather.capturesDropped() == 0 && isRemembered && copied.plan().tellsRequests()) {
            assertThat(copied.plan().isBetweenRequests(begin))
                    .as("%s: a connection to the target begins at %d, between two requests", copied, begin)
                    .isTrue();
        }
    }

    /** After every step. */
    void check(long nowNs) {
        SessionEngine engine = programs.engine();
        expect(programs.faults() == 0, "no call ends with an exception");
        expect(engine.nextDeadlineNs() > nowNs, "the next deadline is to come");
        if (engine.held().bytes() != engine.ledger().waitingBytes()
                || engine.held().requests() != engine.ledger().waitingRequests()) {
            throw new AssertionError("the ledger has %d bytes and %d requests waiting, sessions hold %d and %d"
                    .formatted(
                            engine.ledger().waitingBytes(),
                            engine.ledger().waitingRequests(),
                            engine.held().bytes(),
                            engine.held().requests()));
        }
        checkRepeated();
    }

    /**
     * What counts as repeated was captured before, or goes into a gap: where the session has passed over that, it does not know
     * any more that the bytes are missing.
     */
    private void checkRepeated() {
        long again = connections.sum(CopiedConnection::capturedAgain);
        if (repeatedBytes() > again) {
            long late = connections.sum(CopiedConnection::capturedLate);
            expect(
                    repeatedBytes() <= again + late,
                    "the ledger has %d bytes as repeated, %d were captured again, and %d came late"
                            .formatted(repeatedBytes(), again, late));
        }
    }

    /** When all sessions are over. */
    void checkEnd() {
        assertThat(programs.engine().ledger().waitingBytes())
                .as("bytes waiting at the end")
                .isZero();
        long captured = 0;
        long arrived = 0;
        long probes = 0;
        List<CopiedConnection> incomplete = new ArrayList<>();
        for (CopiedConnection copied : connections.all().toList()) {
            captured += copied.capturedBytes();
            arrived += copied.arrivedBytes();
            probes += copied.probes();
            coverage.count(Figure.SENT_AGAIN, copied.sentAgain());
            if (copied.arrivedBytes() < copied.capturedBytes()) {
                incomplete.add(copied);
            }
            if (weather.losesNothing()) {
                checkPace(copied);
            }
            if (mustArriveWhole(copied)) {
                trace.choose(copied);
                assertThat(copied.arrivedBytes())
                        .as("%s: bytes that arrived; the ledger: %s", copied, dropped())
                        .isEqualTo(copied.plan().length());
                checkConnections(copied);
            }
        }
        if (weather.isCalm()) {
            trace.choose(connections.all().findFirst().orElseThrow());
            assertThat(dropped(DropReason.TIMEOUT)).as("bytes given up").isZero();
        }
        checkRouting();
        checkTargetIsLeft();
        assertThat(Counted.of(programs.engine(), SessionCounter.CLIENT_CONFLICTS))
                .as("packets that count as conflicting")
                .isBetween((long) conflicts.certain(), conflicts.all() == 0 ? 0 : Long.MAX_VALUE);
        if (nature.orderly()) {
            checkDelivered(arrived, incomplete);
        }
        coverage.count(Figure.BYTES, captured);
        coverage.count(Figure.NOT_DELIVERED, captured - arrived);
        long again = connections.sum(CopiedConnection::capturedAgain);
        assertThat(captured + again - arrived)
                .as("bytes that did not arrive, or were captured again; the ledger: %s; %s", dropped(), incomplete)
                .isLessThanOrEqualTo(programs.engine().ledger().droppedBytes() + probes);
    }

    private void checkConnections(CopiedConnection copied) {
        // Where the tunnel is lost again and again, a target may give up waiting for acknowledgements.
        boolean givenUp = weather.lonely() && copied.isGivenUpByTarget();
        // A stray RST that is numbered ahead is believed where the client then says nothing for half a minute.
        boolean believed = nature.strays() && copied.plan().has(Behaviour.IDLE);
        // Where the next connection of the pair is joined in the middle, what there is of the first may end with
        // another one.
        if (!givenUp && !believed && !copied.plan().has(Behaviour.PORT_REUSED)) {
            assertThat(copied.targetConnections())
                    .as("%s: connections to the target", copied)
                    .isEqualTo(1);
        }
    }

    /** Where nothing is lost, the copy keeps pace with its client, and leaves when it does. */
    private void checkPace(CopiedConnection copied) {
        trace.choose(copied);
        Plan plan = copied.plan();
        long roundTripNs = paths.roundTripNs(copied.ends().client());
        assertThat(copied.lagNs())
                .as("%s: nanoseconds from capture to target", copied)
                .isLessThanOrEqualTo(plan.lagLimitNs(roundTripNs, paths.targetRoundTripNs()));
        // Behind an RST from nowhere that was numbered exactly, what was under way has no end.
        if (copied.target() == null || copied.isResetFromNowhere()) {
            return;
        }
        assertThat(copied.closingLagNs())
                .as("%s: nanoseconds from the client's end to the target's", copied)
                .isLessThanOrEqualTo(plan.closingLagLimitNs(roundTripNs, paths.targetRoundTripNs()));
        if (plan.awaitsAllAnswers() && !plan.targetEndsConnections()) {
            assertThat(copied.isLeftUnanswered())
                    .as("%s: requests unanswered when the target hears of the client's end", copied)
                    .isFalse();
        }
        if (plan.leavesEarly()) {
            assertThat(copied.bytesAfterClientLeft())
                    .as("%s: bytes of the target after the client's end", copied)
                    .isLessThanOrEqualTo(MAX_BYTES_AFTER_END);
        }
    }

    /** A route is there for as long as the target says something, or its SYN-ACK waits for it. */
    private void checkRouting() {
        coverage.count(Figure.AHEAD_OF_ROUTES, programs.counted(InterceptCounter.DELAYED_SENT));
        if (weather.copiesSafely()) {
            for (InterceptCounter notRouted : NOT_ROUTED) {
                assertThat(programs.counted(notRouted))
                        .as("%s at intercept", notRouted)
                        .isZero();
            }
            // What answers a SYN may come before the route, but intercept cannot tell this from any other ACK.
            assertThat(programs.counted(InterceptCounter.NOT_ROUTED_ACK))
                    .as("acknowledgements not routed at intercept")
                    .isLessThanOrEqualTo(coverage.of(Figure.SYNS_CHALLENGED));
        }
    }

    /** What the copy began it has ended, where the target hears of it. */
    private void checkTargetIsLeft() {
        if (weather.target().lost() > 0) {
            return;
        }
        for (Tcp tcp : target.openConnections()) {
            if (weather.target().reordered() > 0 && mayRemain(tcp)) {
                continue;
            }
            CopiedConnection copied = connections.ofSyn(tcp.remote(), tcp.irs());
            trace.choose(copied);
            throw new AssertionError("%s: at the end the target has a connection in %s".formatted(copied, tcp.state()));
        }
    }

    /**
     * Where an RST has overtaken a FIN the target's challenge asks for another one, but nobody hears that if the next connection of the
     * pair remains unheard.
     */
    private boolean mayRemain(Tcp tcp) {
        return connections.lastOf(tcp.remote()).isUnheard();
    }

    private void checkDelivered(long arrived, List<CopiedConnection> incomplete) {
        // What is in flight when a gap is given up may have arrived without the session's hearing of it.
        long unheard = weather.capturesDropped() == 0 ? 0 : dropped(DropReason.GAP);
        // So may what is in flight when no intercept is left for too long.
        unheard += dropped(DropReason.NO_INTERCEPT);
        assertThat(programs.engine().ledger().deliveredBytes())
                .as("bytes delivered; the ledger: %s; %s", dropped(), incomplete)
                .isBetween(arrived - unheard, arrived);
    }

    private boolean mustArriveWhole(CopiedConnection copied) {
        Plan plan = copied.plan();
        boolean readily = !plan.has(Behaviour.SLOW_TARGET) && !plan.has(Behaviour.CLOSED_WINDOW);
        // All SYNs, or all answers to them, may be lost: then the session gives up, and the ledger says so.
        int maxSyns = weather.stalls() > 0 ? MAX_SYNS_ON_SLOW_PATH : MAX_SYNS;
        boolean answered = weather.isCalm() || copied.targetConnections() > 0 || copied.syns() < maxSyns;
        // A session that could not start, although only for its SYN, goes on with what is captured behind it.
        boolean routed = !copied.isNotRouted() && dropped(DropReason.NO_INTERCEPT) == 0;
        return weather.capturesDropped() == 0
                && answered
                && !copied.isUnheard()
                && routed
                && !copied.isClientAborted()
                && !plan.has(Behaviour.CLIENT_RESETS)
                && !plan.has(Behaviour.MID_STREAM)
                && !plan.targetEndsConnections()
                && (!plan.has(Behaviour.PORT_REUSED) || weather.isCalm() && readily);
    }

    private long repeatedBytes() {
        return dropped(DropReason.DUPLICATE) + dropped(DropReason.OLD_PART);
    }

    private long dropped(DropReason reason) {
        return programs.engine().ledger().droppedBytes(reason);
    }

    private String dropped() {
        StringBuilder text = new StringBuilder();
        for (DropReason reason : DropReason.values()) {
            if (dropped(reason) > 0) {
                text.append(reason.text()).append(' ').append(dropped(reason)).append(", ");
            }
        }
        return text.toString();
    }
}
