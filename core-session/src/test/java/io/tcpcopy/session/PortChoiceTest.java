package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.FlowKey;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.session.simulation.AllRoutes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PortChoiceTest {
    private static final int ADDRESS = 0x0A010001;
    private static final int OTHER_ADDRESS = 0x0A010002;
    private static final int RANDOM_RANGE = 512;
    private static final int MAX_TRIES = 4096;

    private final SessionContext context =
            new SessionContext(Settings.of(List.of()).build(), (buffer, offset, length) -> {}, new AllRoutes());
    private final SessionTable table = new SessionTable(context);
    private final EndedSessions ended = new EndedSessions(context);

    @Property
    void theClientsOwnPortIsWantedUnlessItIsShifted(@ForAll @IntRange(max = 65535) int port) {
        assertThat(choice(0).wanted(port, 0)).isEqualTo(port);
    }

    @Property
    void shiftedPortsStayBetween1024And65535(
            @ForAll @IntRange(max = 65535) int port,
            @ForAll @IntRange(max = 255) int factor,
            @ForAll @IntRange(min = 1, max = 1022) int copy) {
        assertThat(choice(factor).wanted(port, copy)).isBetween(1024, 65535);
    }

    @Test
    void aFactorShiftsBy2048AndARandomNumberThatStays() {
        PortChoice choice = choice(3);
        int random = choice.wanted(10000, 0) - 10000 - 3 * 2048;
        assertThat(random).isBetween(0, RANDOM_RANGE - 1);
        assertThat(choice.wanted(20000, 0)).isEqualTo(20000 + 3 * 2048 + random);
    }

    @Test
    void copiesAre64PortsApartAndTheFirstIs32Away() {
        PortChoice choice = choice(0);
        int random = choice.wanted(10000, 1) - 10000 - 32;
        assertThat(random).isBetween(0, RANDOM_RANGE - 1);
        assertThat(choice.wanted(10000, 2)).isEqualTo(10000 + 96 + random);
        assertThat(choice.wanted(10000, 5)).isEqualTo(10000 + 288 + random);
    }

    @Property
    void everyShiftMovesPortsOn(@ForAll @IntRange(min = 1, max = 65535) int port, @ForAll @IntRange(max = 9) int copy) {
        PortChoice choice = choice(0);
        int before = choice.wanted(port, copy);
        choice.shift();
        int once = choice.wanted(port, copy);
        choice.shift();
        assertThat(List.of(before, once, choice.wanted(port, copy))).doesNotHaveDuplicates();
        assertThat(once).isBetween(1024, 65535);
    }

    @Test
    void aTakenPortIsPassedOverTowardsTheSameTargetAlone() {
        take(ADDRESS, 40000, 0);
        take(ADDRESS, 40001, 0);
        PortChoice choice = choice(0);
        assertThat(choice.free(ADDRESS, 40000, 0)).isEqualTo(40002);
        assertThat(choice.free(ADDRESS, 40000, 1)).isEqualTo(40000);
        assertThat(choice.free(OTHER_ADDRESS, 40000, 0)).isEqualTo(40000);
    }

    @Test
    void thePortOfASessionThatWaitsOutItsEndIsTaken() {
        Session session = opened(ADDRESS, 40000, 0);
        session.end(DropReason.STOPPED, false);
        ended.add(session);
        assertThat(choice(0).free(ADDRESS, 40000, 0)).isEqualTo(40001);
    }

    @Test
    void behindTheHighestPortTheSearchGoesOnAt1024() {
        take(ADDRESS, 65535, 0);
        assertThat(choice(0).free(ADDRESS, 65535, 0)).isEqualTo(1024);
    }

    @Test
    void thereMayBeNoFreePort() {
        for (int port = 1024; port <= 65535; port++) {
            take(ADDRESS, port, 0);
        }
        assertThat(choice(0).free(ADDRESS, 40000, 0)).isEqualTo(PortChoice.NONE);
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

    private PortChoice choice(int factor) {
        return new PortChoice(table, ended, factor);
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
