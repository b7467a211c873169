package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a target takes to answer a request. */
class ResponseTimeTest {
    private static final int ONLINE = 0x0A010064;
    private static final int CLIENT = 0x0A010001;
    private static final int TARGET = 0x0A020064;

    private final ByteBuffer packet = ByteBuffer.allocateDirect(Ipv4Header.MAX_TOTAL_LENGTH);
    private final SessionEngine engine = new SessionEngine(
            Settings.of(List.of(new Transfer(Endpoint.ipv4(ONLINE, 80), Endpoint.ipv4(TARGET, 8080))))
                    .build(),
            sent -> {},
            new AllRoutes(),
            Faults::rethrow);

    private void client(String flags, int seq, int length) {
        Map<String, Integer> fields = new TreeMap<>(Map.of("src", CLIENT, "sport", 40000, "dst", ONLINE, "dport", 80));
        Integer ack = flags.equals("S") ? null : 9001;
        int bytes = new Segment(flags, seq, length, ack, fields, null).write(packet);
        engine.clientPacket(Captured.whole(packet, bytes), OutgoingPacket.TIME_UNKNOWN);
    }

    private void target(String flags, int seq, int length, int ack, int window) {
        Map<String, Integer> fields =
                new TreeMap<>(Map.of("src", TARGET, "sport", 8080, "dst", CLIENT, "dport", 40000, "win", window));
        int bytes = new Segment(flags, seq, length, ack, fields, null).write(packet);
        engine.response(packet, 0, bytes - length);
    }

    /** The time of one request that is answered: also where the target's window takes its packet in two parts only. */
    @ParameterizedTest
    @ValueSource(ints = {65535, 600})
    void eachRequestHasItsTime(int window) {
        engine.turn(1_000_000_000L);
        client("S", 1000, 0);
        target("S", 5000, 0, 1001, window);
        client(".", 1001, 0);
        client("P", 1001, 1000);
        target(".", 5001, 0, 2001 - (window == 600 ? 464 : 0), 65535);
        engine.turn(1_001_000_000L);
        target("P", 5001, 100, 2001, 65535);

        Metrics metrics = new Metrics("test");
        engine.addTo(metrics);
        long times = metrics.histograms().stream()
                .filter(histogram -> histogram.description().name().equals("response_seconds"))
                .mapToLong(histogram -> histogram.durations().count())
                .sum();
        assertThat(times).isEqualTo(1);
    }
}
