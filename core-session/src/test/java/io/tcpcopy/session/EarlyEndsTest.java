package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client's first bytes tell of why the target may have ended its connection; the dialogues have the rest. */
class EarlyEndsTest {
    private static final int ONLINE = 0x0A010064;
    private static final int CLIENT = 0x0A010001;
    private static final int TARGET = 0x0A020064;
    private static final int HEADERS = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;

    private final ByteBuffer packet = ByteBuffer.allocateDirect(Ipv4Header.MAX_TOTAL_LENGTH);
    private final SessionEngine engine = new SessionEngine(
            Settings.of(List.of(new Transfer(Endpoint.ipv4(ONLINE, 80), Endpoint.ipv4(TARGET, 8080))))
                    .build(),
            sent -> {},
            new AllRoutes(),
            Faults::rethrow);

    private void client(String flags, int seq, byte[] payload) {
        Map<String, Integer> fields = new TreeMap<>(Map.of("src", CLIENT, "sport", 40000, "dst", ONLINE, "dport", 80));
        Integer ack = flags.equals("S") ? null : 9001;
        int bytes = new Segment(flags, seq, payload.length, ack, fields, null).write(packet);
        packet.put(HEADERS, payload);
        engine.clientPacket(Captured.whole(packet, bytes), OutgoingPacket.TIME_UNKNOWN);
    }

    private void target(String flags, int seq, int ack) {
        Map<String, Integer> fields =
                new TreeMap<>(Map.of("src", TARGET, "sport", 8080, "dst", CLIENT, "dport", 40000));
        new Segment(flags, seq, 0, ack, fields, null).write(packet);
        engine.response(packet, 0, HEADERS);
    }

    @ParameterizedTest
    @CsvSource({
        // A handshake of TLS; another record; one byte.
        "1603010200010001fc0303, ENDED_EARLY_TLS",
        "1703030020, ENDED_EARLY_OTHER",
        "16, ENDED_EARLY_OTHER",
        // PostgreSQL: a startup message; the wish for TLS, and for GSSAPI; one of seven bytes; version 2.
        "000000540003000075736572, ENDED_EARLY_LOGIN",
        "0000000804d2162f, ENDED_EARLY_LOGIN",
        "0000000804d21630, ENDED_EARLY_LOGIN",
        "00000008000300, ENDED_EARLY_OTHER",
        "0000005400020000, ENDED_EARLY_OTHER",
        // GET /
        "474554202f20485454502f312e310d0a, ENDED_EARLY_OTHER"
    })
    void firstBytesTell(String hex, SessionCounter expected) {
        byte[] first = HexFormat.of().parseHex(hex);
        client("S", 1000, new byte[0]);
        target("S", 5000, 1001);
        client(".", 1001, new byte[0]);
        client("P", 1001, first);
        client("P", 1001 + first.length, HexFormat.of().parseHex("16030102"));
        target("R", 5001, 1001);

        assertCounted(expected);
    }

    @Test
    void theFirstBytesAreThoseBehindTheSynWhicheverArrivesFirst() {
        client("S", 1000, new byte[0]);
        target("S", 5000, 1001);
        client(".", 1001, new byte[0]);
        client("P", 1006, HexFormat.of().parseHex("16030102"));
        client("P", 1001, HexFormat.of().parseHex("474554202f"));
        target("R", 5001, 1001);

        assertCounted(SessionCounter.ENDED_EARLY_OTHER);
    }

    private void assertCounted(SessionCounter expected) {
        for (SessionCounter counter : List.of(
                SessionCounter.ENDED_EARLY_LOGIN, SessionCounter.ENDED_EARLY_TLS, SessionCounter.ENDED_EARLY_OTHER)) {
            assertThat(Counted.of(engine, counter)).as(counter.name()).isEqualTo(counter == expected ? 1 : 0);
        }
    }
}
