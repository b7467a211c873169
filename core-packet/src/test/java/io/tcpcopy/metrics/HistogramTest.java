package io.tcpcopy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class HistogramTest {
    private static final long LONGEST_NS = 60_000_000_000L;

    private final Histogram histogram = new Histogram(new Description("sleep_seconds", "How long it slept."));

    private void record(long ms, int times) {
        for (int i = 0; i < times; i++) {
            histogram.record(TimeUnit.MILLISECONDS.toNanos(ms));
        }
    }

    @Test
    void whatTakesExactlyAsLongAsABoundIsStillInItsBucket() {
        record(1, 1);
        histogram.record(TimeUnit.MILLISECONDS.toNanos(1) + 1);

        double[] bounds = Durations.bounds();
        assertThat(bounds[3]).isEqualTo(0.001);
        assertThat(histogram.durations().count(3)).isEqualTo(1);
        assertThat(histogram.durations().count(4)).isEqualTo(1);
    }

    @Test
    void whatTakesLongerThanAllBoundsHasABucketAsWell() {
        record(31_000, 2);

        double[] bounds = Durations.bounds();
        assertThat(bounds[bounds.length - 1]).isInfinite();
        assertThat(histogram.durations().count(bounds.length - 1)).isEqualTo(2);
        assertThat(histogram.durations().sum()).isEqualTo(62);
        assertThat(histogram.durations().quantile(0.5)).isEqualTo(30);
    }

    @Test
    void quantilesAreThoseOfTheBucketsInWhichTheyLie() {
        record(2, 50);
        record(20, 50);

        assertThat(histogram.durations().quantile(0.25)).isCloseTo(0.00175, within(1e-9));
        assertThat(histogram.durations().quantile(0.5)).isCloseTo(0.0025, within(1e-9));
        assertThat(histogram.durations().quantile(0.75)).isCloseTo(0.0175, within(1e-9));
    }

    @Test
    void noneHasNoQuantile() {
        assertThat(histogram.durations().quantile(0.99)).isZero();
        assertThat(Durations.NONE.quantile(0.99)).isZero();
        assertThat(Durations.NONE.count()).isZero();
    }

    @Test
    void aSnapshotTellsWhatWasRecordedSinceAnotherOne() {
        Metrics metrics = new Metrics("test").add(histogram);
        record(2, 3);
        MetricSnapshot before = metrics.snapshot();
        record(200, 2);
        Durations since = metrics.snapshot().since(before).get(histogram);

        assertThat(since.count()).isEqualTo(2);
        assertThat(since.sum()).isCloseTo(0.4, within(1e-9));
        assertThat(since.quantile(0.5)).isBetween(0.1, 0.25);
        assertThat(before.get(histogram).count()).isEqualTo(3);
        assertThat(new MetricSnapshot().get(histogram).count()).isZero();
    }

    @Property
    void aQuantileLiesInTheBucketOfTheDuration(@ForAll @LongRange(max = LONGEST_NS) long ns) {
        Histogram one = new Histogram(new Description("sleep_seconds", "How long it slept."));
        one.record(ns);
        double[] bounds = Durations.bounds();
        int bucket = 0;
        while (ns / 1e9 > bounds[bucket]) {
            bucket++;
        }

        assertThat(one.durations().count(bucket)).isEqualTo(1);
        double lower = bucket == 0 ? 0 : bounds[bucket - 1];
        assertThat(one.durations().quantile(0.99))
                .isBetween(lower, Math.min(bounds[bucket], bounds[bounds.length - 2]));
    }
}
