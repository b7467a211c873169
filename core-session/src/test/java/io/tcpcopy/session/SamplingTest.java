package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tcpcopy.packet.Ipv4Header;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SamplingTest {
    private static final int CLIENTS = 4000;
    private static final int ADDRESS = 0x0A010001;

    private final ByteBuffer packet = ByteBuffer.allocate(Ipv4Header.MAX_TOTAL_LENGTH);
    private final ClientPacket client = new ClientPacket();

    @Test
    void aPercentageOfTheConnectionsIsTaken() {
        Admission admission = admission(settings().percentage(30).build(), 0);
        assertThat(taken(admission)).isCloseTo(CLIENTS * 30 / 100, within(CLIENTS / 20));
    }

    @Test
    void graduallyThePercentageRisesByOneASecondFromTheFirstPacketTakenToItsCeiling() {
        SessionContext context =
                context(settings().gradually(true).percentage(40).build());
        Admission admission = admission(context);
        context.nowNs = TimeUnit.SECONDS.toNanos(500);
        int first = taken(admission);
        context.nowNs += TimeUnit.SECONDS.toNanos(19);
        int later = taken(admission);
        context.nowNs += TimeUnit.SECONDS.toNanos(1000);
        int atLast = taken(admission);
        assertThat(first).isCloseTo(CLIENTS / 100, within(CLIENTS / 50));
        assertThat(later).isCloseTo(CLIENTS * 20 / 100, within(CLIENTS / 20));
        assertThat(atLast).isCloseTo(CLIENTS * 40 / 100, within(CLIENTS / 20));
    }

    private int taken(Admission admission) {
        int taken = 0;
        for (int i = 0; i < CLIENTS; i++) {
            Map<String, Integer> fields =
                    new TreeMap<>(Map.of("src", ADDRESS + i, "sport", 30000 + i, "dst", 0x0A010064, "dport", 80));
            int length = new Segment("S", 1000, 0, null, fields, null).write(packet);
            assertThat(client.parse(packet, 0, length, length, 0)).isEqualTo(Verdict.TAKEN);
            taken += admission.judge(client) == Verdict.TAKEN ? 1 : 0;
        }
        return taken;
    }

    private static Settings.Builder settings() {
        return Settings.of(List.of(new Transfer(0, 80, 0x0A020064, 8080)));
    }

    private static Admission admission(Settings settings, long nowNs) {
        SessionContext context = context(settings);
        context.nowNs = nowNs;
        return admission(context);
    }

    private static Admission admission(SessionContext context) {
        return new Admission(
                context,
                new Targets(context.settings.transfers(), false),
                new ClientAddresses(context.settings.clientAddresses()));
    }

    private static SessionContext context(Settings settings) {
        return new SessionContext(settings, (buffer, offset, length) -> {}, null);
    }
}
