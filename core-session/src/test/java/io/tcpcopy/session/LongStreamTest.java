package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.session.ledger.DropReason;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A connection may carry more bytes than there are sequence numbers. */
@Tag("slow")
class LongStreamTest {
    private static final int CLIENT = 0x0A010001;
    private static final int ONLINE = 0x0A010064;
    private static final int TARGET = 0x0A020064;
    private static final int CHUNK = 60_000;
    private static final long LENGTH = 5L << 30;
    /** So far apart that the lower number is taken for the higher one. */
    private static final long MORE_THAN_HALF = 3L << 30;
    /** The most whole chunks that are not more than 16 MiB. */
    private static final int JUMP = (16 << 20) / CHUNK * CHUNK;

    private final ByteBuffer packet = ByteBuffer.allocateDirect(1 << 16);
    private final Settings settings = Settings.of(
                    List.of(new Transfer(Endpoint.ipv4(ONLINE, 80), Endpoint.ipv4(TARGET, 8080))))
            .mtu(65535)
            .build();
    private final SessionEngine engine = new SessionEngine(settings, packet -> {}, new AllRoutes(), Faults::rethrow);
    private final Map<String, Integer> fromClient =
            new TreeMap<>(Map.of("src", CLIENT, "sport", 40000, "dst", ONLINE, "dport", 80));
    private final Map<String, Integer> fromTarget =
            new TreeMap<>(Map.of("src", TARGET, "sport", 8080, "dst", CLIENT, "dport", 40000));

    private int seq = 1001;
    private int targetSeq = 5001;
    private long nowNs;

    @Test
    void numbersMayComeRoundAgain() {
        open();
        long sent = send(LENGTH);
        assertThat(engine.ledger().deliveredBytes()).isEqualTo(sent);
        assertThat(engine.liveSessions()).isEqualTo(1);
    }

    @Test
    void aTargetThatHasSentMoreThan2GibibytesMayReset() {
        open();
        send(CHUNK);
        receive(MORE_THAN_HALF);
        capture(new Segment("P", seq, CHUNK, 9501, fromClient, null));
        respond(new Segment("R", targetSeq, 0, null, fromTarget, null));
        assertThat(Counted.of(engine, SessionCounter.RESPONSES_NOT_FITTING)).isZero();
        assertThat(Counted.of(engine, SessionCounter.RECONNECTS)).isEqualTo(1);
    }

    @Test
    void theResponseToARequestOfMoreThan2GibibytesIsSeen() {
        open();
        long sent = send(MORE_THAN_HALF);
        receive(CHUNK);
        capture(new Segment("P", seq, CHUNK, 9501, fromClient, null));
        turn(TimeUnit.SECONDS.toNanos(1));
        respond(new Segment("", targetSeq, 0, seq + CHUNK, fromTarget, null));
        assertThat(engine.ledger().deliveredBytes()).isEqualTo(sent + CHUNK);
    }

    @Test
    void aNumberMoreThan16MebibytesBackIsOfAnotherConnection() {
        open();
        long sent = send(JUMP);
        capture(new Segment("P", 1001, CHUNK, 9501, fromClient, null));
        assertThat(engine.ledger().droppedBytes(DropReason.DUPLICATE)).isEqualTo(CHUNK);
        assertThat(Counted.of(engine, SessionCounter.STARTED_MID_STREAM)).isZero();

        sent += send(CHUNK);
        capture(new Segment("P", 1001, CHUNK, 9501, fromClient, null));
        assertThat(Counted.of(engine, SessionCounter.OBSOLETE)).isEqualTo(1);
        assertThat(Counted.of(engine, SessionCounter.SENT_RESETS)).isEqualTo(1);
        assertThat(Counted.of(engine, SessionCounter.STARTED_MID_STREAM)).isEqualTo(1);
        assertThat(engine.liveSessions()).isEqualTo(1);
        assertThat(engine.ledger().deliveredBytes()).isEqualTo(sent);
        assertThat(engine.ledger().waitingBytes()).isEqualTo(CHUNK);
    }

    private void turn(long durationNs) {
        nowNs += durationNs;
        engine.turn(nowNs);
        engine.runDue();
    }

    private void open() {
        turn(1);
        capture(new Segment("S", 1000, 0, null, fromClient, null));
        respond(new Segment("S", 5000, 0, 1001, fromTarget, null));
    }

    /** Sends at least so many bytes, all of which the target acknowledges; returns how many. */
    private long send(long length) {
        long sent = 0;
        for (; sent < length; sent += CHUNK) {
            capture(new Segment("P", seq, CHUNK, 9001, fromClient, null));
            seq += CHUNK;
            respond(new Segment("", targetSeq, 0, seq, fromTarget, null));
        }
        return sent;
    }

    /** The target sends at least so many bytes. */
    private void receive(long length) {
        for (long received = 0; received < length; received += CHUNK) {
            respond(new Segment("", targetSeq, CHUNK, seq, fromTarget, null));
            targetSeq += CHUNK;
        }
    }

    private void capture(Segment segment) {
        engine.clientPacket(Captured.whole(packet, write(segment) + segment.length()), OutgoingPacket.TIME_UNKNOWN);
    }

    private void respond(Segment segment) {
        engine.response(packet, 0, write(segment));
    }

    /** Writes the headers alone, as the payload does not matter; returns their length. */
    private int write(Segment segment) {
        Segment header = new Segment(segment.flags(), segment.seq(), 0, segment.ack(), segment.fields(), null);
        int length = header.write(packet);
        packet.putShort(2, (short) (length + segment.length()));
        return length;
    }
}
