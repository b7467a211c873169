package io.tcpcopy.session.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.Part;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SamplingTest {
    private static final int CLIENTS = 4000;
    private static final int ADDRESS = 0x0A010001;

    @Test
    void aPercentageOfTheConnectionsIsTaken() {
        Admission admission = admission(settings().percentage(30).build());
        assertThat(taken(admission, 0)).isCloseTo(CLIENTS * 30 / 100, within(CLIENTS / 20));
    }

    @Test
    void graduallyThePercentageRisesByOneASecondFromTheFirstPacketTakenToItsCeiling() {
        Admission admission =
                admission(settings().gradually(true).percentage(40).build());
        int first = taken(admission, TimeUnit.SECONDS.toNanos(500));
        int later = taken(admission, TimeUnit.SECONDS.toNanos(519));
        int atLast = taken(admission, TimeUnit.SECONDS.toNanos(1519));
        assertThat(first).isCloseTo(CLIENTS / 100, within(CLIENTS / 50));
        assertThat(later).isCloseTo(CLIENTS * 20 / 100, within(CLIENTS / 20));
        assertThat(atLast).isCloseTo(CLIENTS * 40 / 100, within(CLIENTS / 20));
    }

    @Test
    void eachPartHasItsShareOfThePercentage() {
        for (int number = 1; number <= 3; number++) {
            Admission admission = admission(
                    settings().part(new Part(number, 3)).percentage(50).build());
            assertThat(taken(admission, 0)).isCloseTo(CLIENTS / 3 / 2, within(CLIENTS / 30));
        }
    }

    @Test
    void allCopiesHavePortsOfThePart() {
        Part part = new Part(2, 7);
        Admission admission =
                admission(settings().part(part).copies(3).portShiftFactor(1).build());
        Flow captured = new Flow();
        Flow copy = new Flow();
        for (int i = 0; i < CLIENTS; i++) {
            captured.client(ADDRESS + i, 30000 + i).server(0x0A010064, 80);
            if (admission.judge(captured, 0) == Verdict.TAKEN) {
                for (int number = 0; number < 3; number++) {
                    admission.writeFlow(number, copy);
                    assertThat(part.has(copy)).isTrue();
                }
            }
        }
    }

    private static int taken(Admission admission, long nowNs) {
        Flow flow = new Flow();
        int taken = 0;
        for (int i = 0; i < CLIENTS; i++) {
            taken += admission.judge(flow.client(ADDRESS + i, 30000 + i).server(0x0A010064, 80), nowNs) == Verdict.TAKEN
                    ? 1
                    : 0;
        }
        return taken;
    }

    private static Settings.Builder settings() {
        return Settings.of(List.of(new Transfer(Endpoint.ipv4(0, 80), Endpoint.ipv4(0x0A020064, 8080))));
    }

    private static Admission admission(Settings settings) {
        return new Admission(settings, new Targets(settings));
    }
}
