package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.FlowKey;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.session.simulation.AllRoutes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PortChoiceTest {
    private static final int ADDRESS = 0x0A010001;
    private static final int OTHER_ADDRESS = 0x0A010002;
    private static final int MAX_TRIES = 4096;

    private final SessionContext context =
            new SessionContext(Settings.of(List.of()).build(), (buffer, offset, length) -> {}, new AllRoutes());
    private final SessionTable table = new SessionTable(context);
    private final EndedSessions ended = new EndedSessions(context);
    private final PortChoice choice = new PortChoice(table, ended);

    @Test
    void aTakenPortIsPassedOverTowardsTheSameTargetAlone() {
        take(ADDRESS, 40000, 0);
        take(ADDRESS, 40001, 0);
        assertThat(choice.free(ADDRESS, 40000, 0)).isEqualTo(40002);
        assertThat(choice.free(ADDRESS, 40000, 1)).isEqualTo(40000);
        assertThat(choice.free(OTHER_ADDRESS, 40000, 0)).isEqualTo(40000);
    }

    @Test
    void thePortOfASessionThatWaitsOutItsEndIsTaken() {
        Session session = opened(ADDRESS, 40000, 0);
        session.end(DropReason.STOPPED, false);
        ended.add(session);
        assertThat(choice.free(ADDRESS, 40000, 0)).isEqualTo(40001);
    }

    @Test
    void behindTheHighestPortTheSearchGoesOnAt1024() {
        take(ADDRESS, 65535, 0);
        assertThat(choice.free(ADDRESS, 65535, 0)).isEqualTo(1024);
    }

    @Test
    void thereMayBeNoFreePort() {
        for (int port = 1024; port <= 65535; port++) {
            take(ADDRESS, port, 0);
        }
        assertThat(choice.free(ADDRESS, 40000, 0)).isEqualTo(PortChoice.NONE);
    }

    @Test
    void aConnectionWithoutAFreePortIsCountedAndItsPayloadDropped() {
        Settings settings = Settings.of(List.of(new Transfer(0, 80, 0x0A020064, 8080)))
                .clientAddresses(List.of(ADDRESS))
                .build();
        Replay replay = new Replay(settings, (buffer, offset, length) -> {}, new AllRoutes());
        ByteBuffer packet = ByteBuffer.allocateDirect(Ipv4Header.MAX_TOTAL_LENGTH);
        for (int client = 0; client <= MAX_TRIES; client++) {
            Map<String, Integer> fields =
                    new TreeMap<>(Map.of("src", OTHER_ADDRESS + client, "sport", 40000, "dst", 1, "dport", 80));
            int length = new Segment("P", 1001, 100, 9001, fields, null).write(packet);
            replay.clientPacket(packet, 0, length, length, 0);
        }
        assertThat(replay.liveSessions()).isEqualTo(MAX_TRIES);
        assertThat(replay.counters().get(SessionCounter.NO_PORT)).isEqualTo(1);
        assertThat(replay.counters().get(SessionCounter.PORT_CHANGED)).isEqualTo(MAX_TRIES - 1);
        assertThat(replay.ledger().droppedBytes(DropReason.NO_PORT)).isEqualTo(100);
    }

    private void take(int address, int port, int target) {
        table.put(opened(address, port, target));
    }

    private Session opened(int address, int port, int target) {
        Session session = new Session(context);
        session.open(
                FlowKey.of(address, port, target),
                FlowKey.of(address, port, target),
                address,
                port,
                new Transfer(0, 80, 0x0A020064, 8080),
                0);
        session.beginConnection(0, false);
        return session;
    }
}
