package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.session.ledger.DropReason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fault of this program costs the session that it happens in, and no other one. */
class SessionFaultTest {
    private static final int ONLINE = 0x0A010064;
    private static final int CLIENT = 0x0A010001;
    private static final int TARGET = 0x0A020064;

    private final List<RuntimeException> faults = new ArrayList<>();
    private final ByteBuffer packet = ByteBuffer.allocateDirect(Ipv4Header.MAX_TOTAL_LENGTH);
    private final SessionEngine engine = new SessionEngine(
            Settings.of(List.of(new Transfer(Endpoint.ipv4(ONLINE, 80), Endpoint.ipv4(TARGET, 8080))))
                    .build(),
            this::send,
            new AllRoutes(),
            faults::add);
    private int faultsToCome;
    private int sent;
    private int payloadSent;

    private void send(OutgoingPacket outgoing) {
        sent++;
        if (faultsToCome > 0) {
            faultsToCome--;
            throw new IllegalStateException("made by the test");
        }
        payloadSent += outgoing.payloadLength();
    }

    private void clientSends(int client, String flags, int seq, int length) {
        Map<String, Integer> fields = new TreeMap<>(Map.of("src", client, "sport", 40000, "dst", ONLINE, "dport", 80));
        int bytes = new Segment(flags, seq, length, flags.equals("S") ? null : 9001, fields, null).write(packet);
        engine.clientPacket(Captured.whole(packet, bytes), OutgoingPacket.TIME_UNKNOWN);
    }

    @Test
    void ofAClientsPacket() {
        clientSends(CLIENT, "S", 1000, 0);

        faultsToCome = 1;
        clientSends(CLIENT + 1, "P", 1001, 100);

        assertThat(faults).singleElement().extracting(Throwable::getMessage).isEqualTo("made by the test");
        assertThat(engine.liveSessions()).isEqualTo(1);
        assertThat(engine.ledger().droppedBytes(DropReason.FAULT)).isEqualTo(100);
        assertThat(engine.ledger().waitingBytes()).isZero();
    }

    @Test
    void ofWhatIsDue() {
        clientSends(CLIENT, "S", 1000, 0);
        clientSends(CLIENT, "P", 1001, 100);
        clientSends(CLIENT + 1, "S", 1000, 0);
        int before = sent;

        // Both repeat their SYN; the first one that does is the one with the fault, which sends an RST for it.
        engine.turn(TimeUnit.SECONDS.toNanos(1));
        faultsToCome = 1;
        engine.runDue();

        assertThat(faults).hasSize(1);
        assertThat(engine.liveSessions()).isEqualTo(1);
        assertThat(sent - before).isEqualTo(3);
        assertThat(engine.nextDeadlineNs()).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }

    /** What is left in a session would leave with the next client's address. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nothingOfItsPacketsIsLeft(int faultsInARow) {
        clientSends(CLIENT, "S", 1000, 0);
        targetAccepts(CLIENT, 1001);

        // Neither can the payload be sent, nor the RST for the session that ends with it.
        faultsToCome = faultsInARow;
        clientSends(CLIENT, "P", 1001, 100);

        assertThat(faults).hasSize(faultsInARow);
        assertThat(engine.liveSessions()).isZero();
        assertThat(engine.ledger().droppedBytes(DropReason.FAULT)).isEqualTo(100);
        assertThat(engine.ledger().waitingBytes()).isZero();

        clientSends(CLIENT + 1, "S", 1000, 0);
        targetAccepts(CLIENT + 1, 1001);
        assertThat(payloadSent).isZero();
    }

    @Test
    void whereAllSessionsEnd() {
        clientSends(CLIENT, "S", 1000, 0);
        clientSends(CLIENT + 1, "S", 1000, 0);

        faultsToCome = 1;
        engine.stop();

        assertThat(faults).hasSize(1);
        assertThat(engine.liveSessions()).isZero();
    }

    private void targetAccepts(int client, int ack) {
        Map<String, Integer> fields =
                new TreeMap<>(Map.of("src", TARGET, "sport", 8080, "dst", client, "dport", 40000));
        int bytes = new Segment("S", 5000, 0, ack, fields, null).write(packet);
        engine.response(packet, 0, bytes);
    }
}
