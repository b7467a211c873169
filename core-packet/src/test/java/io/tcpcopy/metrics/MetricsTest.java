package io.tcpcopy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MetricsTest {
    private enum Fruit implements Metric {
        APPLE("apples_total"),
        WEIGHT("weight_grams");

        private final String metricName;

        Fruit(String metricName) {
            this.metricName = metricName;
        }

        @Override
        public Description description() {
            return new Description(metricName, "Of an orchard.");
        }
    }

    private final Metrics metrics = new Metrics("orchard");
    private long weight = 5;

    @Test
    void numbersAreReadWhereTheyAreCounted() {
        Counters<Fruit> counters = new Counters<>(Fruit.class);
        metrics.add(Fruit.class, counters);
        counters.add(Fruit.APPLE, 3);

        assertThat(metrics.get(Fruit.APPLE)).isEqualTo(3);
        assertThat(metrics.all()).containsExactly(Fruit.APPLE, Fruit.WEIGHT);
    }

    @Test
    void whatNobodyHasAddedIsAFaultAndNotZero() {
        assertThatThrownBy(() -> metrics.get(Fruit.APPLE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingIsAddedTwice() {
        metrics.add(Fruit.WEIGHT, () -> weight);

        assertThatThrownBy(() -> metrics.add(Fruit.WEIGHT, () -> 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSnapshotStaysAsItWasAndTellsHowFarNumbersWentSince() {
        metrics.add(Fruit.WEIGHT, () -> weight);
        MetricSnapshot before = metrics.snapshot();
        weight = 7;

        assertThat(before.get(Fruit.WEIGHT)).isEqualTo(5);
        assertThat(metrics.snapshot().since(before).get(Fruit.WEIGHT)).isEqualTo(2);
    }

    @Test
    void theNameBeginsWithTheProgramAndItsEndTellsCountersFromGauges() {
        assertThat(metrics.nameOf(Fruit.APPLE)).isEqualTo("orchard_apples_total");
        assertThat(Fruit.APPLE.description().isCounter()).isTrue();
        assertThat(Fruit.WEIGHT.description().isCounter()).isFalse();
    }
}
