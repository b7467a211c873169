package io.tcpcopy.tcpcopy.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tcpcopy.flow.Address;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Histogram;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final long TENTH_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final LoopWorld world = new LoopWorld();
    private final EventLoop loop = world.loop(world.host(Address.LOOPBACK));
    private final Histogram histogram = new Histogram(new Description("some_seconds", "Some."));
    private final Timeline timeline = new Timeline(
            loop, 1, values -> values[0] = TimeUnit.NANOSECONDS.toMillis(world.nowNs()), List.of(histogram));

    private void pass(long tenths) {
        for (long i = 0; i < tenths; i++) {
            world.pass(TENTH_NS);
        }
    }

    @Test
    void aMomentIsNotedEachTenthOfASecondAndAtTheEnd() {
        timeline.start();
        pass(3);
        world.pass(TENTH_NS / 2);
        timeline.stop();

        assertThat(timeline.size()).isEqualTo(5);
        assertThat(timeline.seconds(0)).isZero();
        assertThat(timeline.seconds(3)).isEqualTo(0.3, within(1e-9));
        assertThat(timeline.seconds(4)).isEqualTo(0.35, within(1e-9));
        assertThat(timeline.growth(0, 0, 4)).isEqualTo(350);
    }

    @Test
    void theEndIsNotNotedTwice() {
        timeline.start();
        pass(3);
        timeline.stop();
        pass(3);

        assertThat(timeline.size()).isEqualTo(4);
    }

    @Test
    void whatComesInNoTimeAtTheEndIsNoHighRate() {
        timeline.start();
        pass(3);
        world.pass(TENTH_NS / 5);
        timeline.stop();

        assertThat(timeline.size()).isEqualTo(4);
        assertThat(timeline.seconds(3)).isEqualTo(0.32, within(1e-9));
    }

    @Test
    void whenItIsFullEverySecondMomentIsForgottenAndMomentsAreNotedHalfAsOften() {
        timeline.start();
        pass(Timeline.CAPACITY);

        assertThat(timeline.size()).isEqualTo(Timeline.CAPACITY / 2 + 1);
        assertThat(timeline.seconds(1)).isEqualTo(0.2, within(1e-9));
        assertThat(timeline.growth(0, 0, 1)).isEqualTo(200);
        assertThat(timeline.growth(0, 1, Timeline.CAPACITY / 2)).isEqualTo(Timeline.CAPACITY * 100L - 200);
        pass(2);
        assertThat(timeline.size()).isEqualTo(Timeline.CAPACITY / 2 + 2);
    }

    @Test
    void itIsBoundedHoweverLongItTakesAndItsMomentsAreAsFarApart() {
        timeline.start();
        pass(40 * Timeline.CAPACITY);
        timeline.stop();

        assertThat(timeline.size()).isBetween(Timeline.CAPACITY / 2, Timeline.CAPACITY);
        double interval = timeline.seconds(1);
        for (int moment = 1; moment < timeline.size() - 1; moment++) {
            assertThat(timeline.seconds(moment) - timeline.seconds(moment - 1)).isEqualTo(interval, within(1e-6));
        }
        assertThat(timeline.seconds(timeline.size() - 1)).isEqualTo(4.0 * Timeline.CAPACITY, within(1e-6));
    }

    @Test
    void aQuantileIsOfWhatWasRecordedInTheIntervalsBeforeAndUnknownWhereNothingWas() {
        timeline.start();
        pass(1);
        histogram.record(TENTH_NS);
        pass(2);
        histogram.record(1);
        pass(1);

        assertThat(timeline.quantiles(0, 1, 1))
                .containsExactly(new double[] {Double.NaN, Double.NaN, 0.1, Double.NaN, 0.0001}, within(1e-9));
        assertThat(timeline.quantiles(0, 1, 4))
                .containsExactly(new double[] {Double.NaN, Double.NaN, 0.1, 0.1, 0.1}, within(1e-9));
        assertThat(timeline.recorded(0, 0, 4).count()).isEqualTo(2);
    }

    @Test
    void whatIsForgottenIsInTheMomentsThatAreLeft() {
        timeline.start();
        for (int i = 0; i < Timeline.CAPACITY; i++) {
            histogram.record(1);
            pass(1);
        }

        assertThat(timeline.recorded(0, 0, 1).count()).isEqualTo(2);
        assertThat(timeline.recorded(0, 0, timeline.size() - 1).count()).isEqualTo(Timeline.CAPACITY);
    }

    @Test
    void aRateIsTheAverageOfIntervalsBeforeAndUnknownAtFirst() {
        long[] counter = {0};
        Timeline bursts = new Timeline(loop, 1, values -> values[0] = counter[0], List.of());
        bursts.start();
        for (int i = 0; i < 4; i++) {
            counter[0] += i == 1 ? 40 : 0;
            pass(1);
        }

        assertThat(bursts.perSecond(0, 1)).containsExactly(new double[] {Double.NaN, 0, 400, 0, 0}, within(1e-6));
        assertThat(bursts.perSecond(0, 2)).containsExactly(new double[] {Double.NaN, 0, 200, 200, 0}, within(1e-6));
    }
}
