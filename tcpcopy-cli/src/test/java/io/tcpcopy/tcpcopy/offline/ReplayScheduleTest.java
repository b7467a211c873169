package io.tcpcopy.tcpcopy.offline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ReplayScheduleTest {
    /** When the first packet is taken, in the time of the loop. */
    private static final long START_MS = 5_000;
    /** When it was captured. */
    private static final long CAPTURE_MS = 1_700_000_000_000L;

    private static final long NO_LIMIT = Long.MAX_VALUE;

    private ReplaySchedule schedule = new ReplaySchedule(1, NO_LIMIT);
    private boolean atCapturedSpeed;

    private static long ns(long ms) {
        return TimeUnit.MILLISECONDS.toNanos(ms);
    }

    /** When a packet is due after the start that was captured so long after the first one. */
    private long due(long capturedMs) {
        return TimeUnit.NANOSECONDS.toMillis(schedule.dueNs(ns(CAPTURE_MS + capturedMs), atCapturedSpeed, ns(START_MS)))
                - START_MS;
    }

    /** Takes it {@code lateMs} after it is due, and returns when it was due. */
    private long take(long capturedMs, long lateMs) {
        long dueMs = due(capturedMs);
        schedule.taken(ns(CAPTURE_MS + capturedMs), ns(START_MS + dueMs), ns(START_MS + dueMs + lateMs));
        return dueMs;
    }

    private void begin(int speedUp, long longestGapNs) {
        schedule = new ReplaySchedule(speedUp, longestGapNs);
        assertThat(take(0, 0)).isZero();
    }

    @Test
    void packetsAreAsFarApartAsTheyWereCaptured() {
        begin(1, NO_LIMIT);
        assertThat(take(10, 0)).isEqualTo(10);
        assertThat(take(3_600_010, 0)).isEqualTo(3_600_010);
    }

    @Test
    void theyAreNearerWithASpeedUp() {
        begin(10, NO_LIMIT);
        assertThat(take(100, 0)).isEqualTo(10);
        assertThat(take(1_100, 0)).isEqualTo(110);
    }

    @Test
    void longGapsAreSkipped() {
        begin(2, ns(100));
        assertThat(take(100, 0)).isEqualTo(50);
        assertThat(take(201, 0)).isEqualTo(50);
        assertThat(take(301, 0)).isEqualTo(100);
    }

    @Test
    void atCapturedSpeedGapsAreNeitherShortenedNorSkipped() {
        begin(10, ns(100));
        atCapturedSpeed = true;
        assertThat(take(50, 0)).isEqualTo(50);
        assertThat(take(1_050, 0)).isEqualTo(1_050);
        atCapturedSpeed = false;
        assertThat(take(1_150, 0)).isEqualTo(1_060);
    }

    @Test
    void aLittleLatenessIsMadeUpForAndMoreIsNot() {
        begin(1, NO_LIMIT);
        assertThat(take(10, 60)).isEqualTo(10);
        assertThat(take(80, 400)).as("on time again").isEqualTo(80);
        assertThat(due(180)).as("100 ms behind what came 400 ms late").isEqualTo(480);
    }

    @Test
    void packetsThatOvertookEachOtherDoNotMoveTheOthers() {
        begin(1, NO_LIMIT);
        assertThat(take(100, 0)).isEqualTo(100);
        assertThat(take(90, 0)).isEqualTo(100);
        assertThat(take(200, 0)).isEqualTo(200);
    }

    @Test
    void aGapOfCenturiesIsWaitedForWithoutEnd() {
        begin(1, NO_LIMIT);
        assertThat(schedule.dueNs(ns(CAPTURE_MS) + NO_LIMIT, false, ns(START_MS)))
                .isEqualTo(NO_LIMIT);
        begin(1, ns(86_400_000));
        assertThat(schedule.dueNs(ns(CAPTURE_MS) + NO_LIMIT, false, ns(START_MS)))
                .as("skipped")
                .isEqualTo(ns(START_MS));
    }

    @Property
    void inFileOrderAndNeverBeforeTheOneBeforeWhateverTheTimes(
            @ForAll @IntRange(min = 1, max = 1_000_000) int speedUp,
            @ForAll @LongRange(min = 0) long longestGapNs,
            @ForAll List<Long> capturedNs) {
        schedule = new ReplaySchedule(speedUp, longestGapNs);
        long nowNs = ns(START_MS);
        for (long captured : capturedNs) {
            long due = schedule.dueNs(captured, false, nowNs);
            assertThat(due).isGreaterThanOrEqualTo(nowNs);
            if (due == NO_LIMIT) {
                break;
            }
            nowNs = due;
            schedule.taken(captured, due, nowNs);
        }
    }

    @Test
    void whatBeginsAgainBeginsAtOnce() {
        begin(1, NO_LIMIT);
        take(1_000, 0);
        schedule.beginAgain();
        assertThat(take(0, 0)).isZero();
        assertThat(take(10, 0)).isEqualTo(10);
    }
}
