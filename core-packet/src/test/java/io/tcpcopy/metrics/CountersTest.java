package io.tcpcopy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountersTest {
    private enum Fruit {
        APPLE,
        PEAR
    }

    private final Counters<Fruit> counters = new Counters<>(Fruit.class);

    @Test
    void beginAtZero() {
        assertThat(counters.get(Fruit.APPLE)).isZero();
    }

    @Test
    void countEachConstantByItself() {
        counters.increment(Fruit.PEAR);
        counters.add(Fruit.PEAR, 1L << 40);

        assertThat(counters.get(Fruit.PEAR)).isEqualTo((1L << 40) + 1);
        assertThat(counters.get(Fruit.APPLE)).isZero();
    }
}
