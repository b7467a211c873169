package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.session.ledger.DropReason;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NoFreePortTest {
    private static final int FIRST_CLIENT = 0x0A010002;
    private static final int MAX_TRIES = 4096;

    @Test
    void aConnectionWithoutAFreePortIsCountedAndItsPayloadDropped() {
        Transfer transfer = new Transfer(new Endpoint(Address.ANY, 80), Endpoint.ipv4(0x0A020064, 8080));
        Settings settings = Settings.of(List.of(transfer))
                .clientAddresses(List.of(Address.ipv4(0x0A010001)))
                .build();
        SessionEngine engine = new SessionEngine(settings, packet -> {}, new AllRoutes(), Faults::rethrow);
        ByteBuffer packet = ByteBuffer.allocateDirect(Ipv4Header.MAX_TOTAL_LENGTH);
        for (int client = 0; client <= MAX_TRIES; client++) {
            capture(engine, packet, client, 1001);
        }
        assertThat(engine.liveSessions()).isEqualTo(MAX_TRIES);
        assertThat(Counted.of(engine, SessionCounter.NO_PORT)).isEqualTo(1);
        assertThat(Counted.of(engine, SessionCounter.PORT_CHANGED)).isEqualTo(MAX_TRIES - 1);
        assertThat(engine.ledger().droppedBytes(DropReason.NO_PORT)).isEqualTo(100);

        // The same connection goes on, and another one comes.
        capture(engine, packet, MAX_TRIES, 1101);
        capture(engine, packet, MAX_TRIES, 1201);
        assertThat(Counted.of(engine, SessionCounter.NO_PORT)).isEqualTo(1);
        assertThat(engine.ledger().droppedBytes(DropReason.NO_PORT)).isEqualTo(300);
        assertThat(engine.ledger().droppedRequests(DropReason.NO_PORT))
                .as("all that acknowledges the same is one")
                .isEqualTo(1);
        capture(engine, packet, MAX_TRIES + 1, 1001);
        assertThat(Counted.of(engine, SessionCounter.NO_PORT)).isEqualTo(2);
    }

    private static void capture(SessionEngine engine, ByteBuffer packet, int client, int seq) {
        Map<String, Integer> fields =
                new TreeMap<>(Map.of("src", FIRST_CLIENT + client, "sport", 40000, "dst", 1, "dport", 80));
        int length = new Segment("P", seq, 100, 9001, fields, null).write(packet);
        engine.clientPacket(Captured.whole(packet, length), OutgoingPacket.TIME_UNKNOWN);
    }
}
