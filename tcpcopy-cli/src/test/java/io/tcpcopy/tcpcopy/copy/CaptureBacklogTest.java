package io.tcpcopy.tcpcopy.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class CaptureBacklogTest {
    /** The wall clock is far ahead of that of the loop. */
    private static final long WALL_NS = TimeUnit.DAYS.toNanos(20_000);

    private static final int TURN_MS = 10;

    private final List<Double> narrow = new ArrayList<>();
    private long nowNs = TimeUnit.SECONDS.toNanos(5);
    private long drops;
    private final CaptureBacklog backlog = new CaptureBacklog(() -> WALL_NS + nowNs, () -> drops, narrow::add);

    /** Ten packets are read in each turn; {@code lateMs} says how late at a time in ms. */
    private void read(int forMs, LongUnaryOperator lateMs) {
        for (int ms = 0; ms < forMs; ms += TURN_MS) {
            long arrivalNs = WALL_NS + nowNs - TimeUnit.MILLISECONDS.toNanos(lateMs.applyAsLong(ms));
            for (int i = 0; i < 10; i++) {
                backlog.read(arrivalNs, nowNs);
            }
            nowNs += TimeUnit.MILLISECONDS.toNanos(TURN_MS);
        }
    }

    @Test
    void packetsThatAreReadAtOnceAreNone() {
        read(3000, ms -> 1);
        read(3000, ms -> 190);

        assertThat(narrow).isEmpty();
    }

    @Test
    void whatBecomesLaterAndLaterTellsHowMuchIsRead() {
        read(4000, ms -> 200 + ms / 4);

        assertThat(narrow)
                .hasSizeBetween(8, 10)
                .allSatisfy(part -> assertThat(part).isCloseTo(0.75, within(0.03)));
    }

    @Test
    void whatIsLeftOfAStopIsReadFasterThanItComes() {
        read(1000, ms -> 1);
        nowNs += TimeUnit.MILLISECONDS.toNanos(1000);
        read(2000, ms -> Math.max(1, 1000 - ms));

        assertThat(narrow).isNotEmpty().allSatisfy(part -> assertThat(part).isGreaterThan(1.5));
    }

    @Test
    void aPacketThatIsLateAmongOthersIsNone() {
        read(3000, ms -> ms % 100 == 0 ? 400 : 2);

        assertThat(narrow).isEmpty();
    }

    @Test
    void whatIsDroppedInOneIntervalIsNone() {
        drops = 1000;
        read(2000, ms -> 1);

        assertThat(narrow).isEmpty();
    }

    @Test
    void whatIsDroppedAgainAndAgainTellsHowMuchIsRead() {
        for (int i = 0; i < 10; i++) {
            drops += 400;
            read(400, ms -> 1);
        }

        assertThat(narrow).hasSize(8).allSatisfy(part -> assertThat(part).isEqualTo(0.5));
    }

    @Test
    void aClockThatIsSetBackIsNone() {
        read(1000, ms -> 1);
        read(2000, ms -> -3_600_000);

        assertThat(narrow).isEmpty();
    }
}
