package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.SessionGauge;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.session.ledger.DropReason;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the replay tells whoever reads a capture faster than the targets may take it. */
class CaptureReplayTest {
    private static final int CLIENT = 0x0A010001;
    private static final int ONLINE = 0x0A010064;
    private static final int TARGET = 0x0A020064;
    private static final long MEMORY_BUDGET = 1 << 20;

    private final Settings settings = Settings.of(
                    List.of(new Transfer(Endpoint.ipv4(0, 80), Endpoint.ipv4(TARGET, 8080))))
            .speedUp(1)
            .memoryBudget(MEMORY_BUDGET)
            .build();
    private final SessionEngine engine = new SessionEngine(settings, packet -> {}, new AllRoutes(), Faults::rethrow);
    private final ByteBuffer packet = ByteBuffer.allocateDirect(Ipv4Header.MAX_TOTAL_LENGTH);

    private boolean admit(int client, String flags, int seq, int payload, int destination) {
        Map<String, Integer> fields =
                new TreeMap<>(Map.of("src", client, "sport", 40000, "dst", destination, "dport", 80));
        Integer ack = flags.equals("S") ? null : Integer.valueOf(9001);
        int length = new Segment(flags, seq, payload, ack, fields, null).write(packet);
        return engine.admit(Captured.whole(packet, length));
    }

    private void take(int client, String flags, int seq, int payload) {
        assertThat(admit(client, flags, seq, payload, ONLINE)).isTrue();
        engine.takeAdmitted(OutgoingPacket.TIME_UNKNOWN);
    }

    @Test
    void whatIsAdmittedIsCountedAtOnceAndTakenLater() {
        assertThat(admit(CLIENT, "S", 1000, 0, ONLINE)).isTrue();
        assertThat(Counted.of(engine, Verdict.TAKEN)).isEqualTo(1);
        assertThat(engine.liveSessions()).isZero();

        engine.takeAdmitted(OutgoingPacket.TIME_UNKNOWN);

        assertThat(engine.liveSessions()).isEqualTo(1);
    }

    @Test
    void whatGoesElsewhereIsNotAdmitted() {
        Settings other = Settings.of(List.of(new Transfer(Endpoint.ipv4(ONLINE, 80), Endpoint.ipv4(TARGET, 8080))))
                .speedUp(1)
                .build();
        SessionEngine strict = new SessionEngine(other, packet -> {}, new AllRoutes(), Faults::rethrow);
        admit(CLIENT, "S", 1000, 0, ONLINE + 1);

        assertThat(strict.admit(Captured.whole(packet))).isFalse();
        assertThat(Counted.of(strict, Verdict.NO_TRANSFER)).isEqualTo(1);
    }

    @Test
    void targetsAreBehindWhenManyPacketsWaitForThem() {
        for (int client = 0; client < 512; client++) {
            take(CLIENT + client, "S", 1000, 0);
        }
        assertThat(engine.isBehind()).isFalse();

        take(CLIENT + 512, "S", 1000, 0);

        assertThat(engine.isBehind()).isTrue();
    }

    @Test
    void targetsAreBehindWhenAPortIsUsedAgainWhoseSessionIsNotOver() {
        take(CLIENT, "S", 1000, 0);

        assertThat(admit(CLIENT, "S", 1000, 0, ONLINE)).isTrue();
        assertThat(engine.isBehind()).as("the same SYN again").isFalse();
        assertThat(admit(CLIENT + 1, "S", 700_000, 0, ONLINE)).isTrue();
        assertThat(engine.isBehind()).as("another client").isFalse();
        assertThat(admit(CLIENT, "S", 700_000, 0, ONLINE)).isTrue();
        assertThat(engine.isBehind()).as("a new SYN").isTrue();

        engine.endAll(DropReason.STOPPED);

        assertThat(engine.isBehind()).as("when the session is over").isFalse();
    }

    @Test
    void thereIsNoRoomWhenHalfOfTheMemoryIsUsed() {
        take(CLIENT, "S", 1000, 0);
        int seq = 1001;
        while (Counted.of(engine, SessionGauge.MEMORY) <= MEMORY_BUDGET / 2) {
            assertThat(engine.hasRoom()).isTrue();
            take(CLIENT, "P", seq, 1000);
            seq += 1000;
        }
        assertThat(engine.hasRoom()).isFalse();
    }

    @Test
    void thereIsNoRoomWhileNoIntercept() {
        engine.pause();
        assertThat(engine.hasRoom()).isFalse();
        engine.resume();
        assertThat(engine.hasRoom()).isTrue();
    }
}
