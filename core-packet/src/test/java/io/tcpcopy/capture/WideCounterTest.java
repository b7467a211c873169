package io.tcpcopy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WideCounterTest {
    private final WideCounter counter = new WideCounter();

    @Test
    void followsReadings() {
        counter.update(5);
        counter.update(5);
        counter.update(9);

        assertThat(counter.value()).isEqualTo(9);
    }

    @Test
    void goesOnBeyond32BitsWhenTheReadingWraps() {
        counter.update(0xFFFF_FFF0L);
        counter.update(0x10);

        assertThat(counter.value()).isEqualTo(0x1_0000_0010L);
    }

    @Test
    void addsWhatARestartedCounterReads() {
        counter.update(100);
        counter.restart();
        counter.update(7);

        assertThat(counter.value()).isEqualTo(107);
    }
}
