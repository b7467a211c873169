package io.tcpcopy.session.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ClientTimeTest {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long NOW_NS = 1000 * SECOND_NS;

    private final ClientTime time = new ClientTime(1);

    @Test
    void whereClientsAreCapturedNowItIsThatOfTheSessions() {
        ClientTime live = new ClientTime(Settings.LIVE);

        live.turn(NOW_NS, false);
        live.captured(5);

        assertThat(live.nowNs()).isEqualTo(NOW_NS);
    }

    @Test
    void aCaptureMovesItByWhatLiesBetweenItsPacketsWhateverTimeTheyBeginWith() {
        for (long first : List.of(0L, -NOW_NS, 1_700_000_000 * SECOND_NS, Long.MAX_VALUE - SECOND_NS)) {
            time.begin();
            time.captured(first);
            long begun = time.nowNs();
            time.captured(first + 3 * SECOND_NS);
            time.captured(first + 2 * SECOND_NS);
            time.captured(first + 4 * SECOND_NS);

            assertThat(time.nowNs() - begun).isEqualTo(4 * SECOND_NS);
        }
    }

    @Property
    void itNeverGoesBackWhateverACaptureSays(@ForAll List<Long> arrivalsNs) {
        long before = time.nowNs();
        for (long arrivalNs : arrivalsNs) {
            time.captured(arrivalNs);
            assertThat(time.nowNs()).isBetween(before, before + TimeUnit.MINUTES.toNanos(5));
            before = time.nowNs();
        }
    }

    @Test
    void whereThereIsNoRoomForTenSecondsItPassesWithoutPackets() {
        time.captured(0);
        for (int second = 0; second < 10; second++) {
            time.turn(NOW_NS + second * SECOND_NS, false);
        }
        assertThat(time.nowNs()).isZero();
        time.turn(NOW_NS + 10 * SECOND_NS, false);
        assertThat(time.nowNs()).isEqualTo(10 * SECOND_NS);
    }

    @Test
    void whereThereIsRoomNowAndThenOnlyPacketsMoveIt() {
        time.captured(0);
        for (int second = 0; second < 60; second++) {
            time.turn(NOW_NS + second * SECOND_NS, second % 9 == 0);
        }
        assertThat(time.nowNs()).isZero();
    }
}
