package io.tcpcopy.capture.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CaptureClockTest {
    private static final long MAX_STAMP_NS = 4_600_000_000_000_000_000L;
    private static final long HOUR = TimeUnit.HOURS.toSeconds(1);
    private static final long TEN_YEARS = TimeUnit.DAYS.toSeconds(3652);
    private static final long NOW = 1_700_000_000L;

    /** What the clock says of packets with these times in a file, in nanoseconds. */
    private static List<Long> nanoseconds(List<Long> stampsNs) {
        CaptureClock clock = new CaptureClock();
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < stampsNs.size(); i++) {
            times.add(clock.timeNs(stampsNs.get(i), stampsNs.get(Math.min(i + 1, stampsNs.size() - 1))));
        }
        return times;
    }

    /** The same in seconds since the first packet. */
    private static List<Long> seconds(long... stamps) {
        List<Long> times = nanoseconds(
                LongStream.of(stamps).map(TimeUnit.SECONDS::toNanos).boxed().toList());
        return times.stream()
                .map(ns -> TimeUnit.NANOSECONDS.toSeconds(ns - times.get(0)))
                .toList();
    }

    @Test
    void aPacketFarAheadOfBothItsNeighboursGoesWithTheOneBefore() {
        assertThat(seconds(NOW, NOW + 1, NOW + TEN_YEARS, NOW + 3, NOW + 4)).containsExactly(0L, 1L, 1L, 3L, 4L);
    }

    @Test
    void soDoesOneFarBehind() {
        assertThat(seconds(NOW, NOW + 1, 0, NOW + 3, NOW + 4)).containsExactly(0L, 1L, 1L, 3L, 4L);
    }

    @Test
    void aPauseIsAPause() {
        assertThat(seconds(NOW, NOW + TEN_YEARS, NOW + TEN_YEARS + 1)).containsExactly(0L, TEN_YEARS, TEN_YEARS + 1);
        assertThat(seconds(NOW, NOW + HOUR, NOW + 3 * HOUR)).containsExactly(0L, HOUR, 3 * HOUR);
        assertThat(seconds(NOW, NOW + HOUR)).as("before the last packet").containsExactly(0L, HOUR);
    }

    @Test
    void whereTheClockWasSetBackItGoesOnFromThere() {
        assertThat(seconds(NOW, NOW + 5, NOW + 6 - HOUR, NOW + 8 - HOUR, NOW + 8 - HOUR, NOW + 9 - 2 * HOUR, 0, 1))
                .containsExactly(0L, 5L, 5L, 7L, 7L, 7L, 7L, 8L);
    }

    @Test
    void packetsOutOfOrderKeepTheirTimes() {
        List<Long> stamps = List.of(500L, 700L, 600L, 650L, 900L);

        assertThat(nanoseconds(stamps)).isEqualTo(stamps);
    }

    @Property
    void timesThatRiseAreLeftAsTheyAre(
            @ForAll @LongRange(min = -MAX_STAMP_NS, max = 0) long first,
            @ForAll @Size(max = 20) List<@LongRange(min = 0, max = MAX_STAMP_NS / 20) Long> steps) {
        List<Long> stamps = new ArrayList<>(List.of(first));
        steps.forEach(step -> stamps.add(stamps.get(stamps.size() - 1) + step));

        assertThat(nanoseconds(stamps)).isEqualTo(stamps);
    }

    @Property
    void onePacketOfAnotherTimeMovesNoOther(
            @ForAll @Size(min = 3, max = 20) List<@IntRange(min = 1, max = 10_000_000) Integer> steps,
            @ForAll @IntRange(min = 1, max = 18) int place,
            @ForAll @LongRange(min = -MAX_STAMP_NS, max = MAX_STAMP_NS) long odd) {
        List<Long> stamps = new ArrayList<>(List.of(0L));
        steps.forEach(step -> stamps.add(stamps.get(stamps.size() - 1) + step));
        int index = Math.min(place, stamps.size() - 2);
        stamps.set(index, odd);
        List<Long> times = nanoseconds(stamps);

        stamps.remove(index);
        times.remove(index);
        assertThat(times).isEqualTo(stamps);
    }

    @Property
    void whateverTheTimesNoneIsMoreThanASecondBeforeOneThatWasEarlier(
            @ForAll @NotEmpty List<@LongRange(min = -MAX_STAMP_NS, max = MAX_STAMP_NS) Long> stamps) {
        long latest = stamps.get(0);
        for (long time : nanoseconds(stamps)) {
            // It wraps after centuries.
            assertThat(time - latest).isGreaterThanOrEqualTo(-TimeUnit.SECONDS.toNanos(1));
            latest = time - latest > 0 ? time : latest;
        }
    }
}
