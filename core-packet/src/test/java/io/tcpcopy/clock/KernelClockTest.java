package io.tcpcopy.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KernelClockTest {
    private static long ns(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    @Test
    void theTimeOfTheDayIsTheOneThatJavaKnows() {
        KernelClock clock = KernelClock.realTime();
        Instant before = Instant.now();
        long ns = clock.getAsLong();
        Instant after = Instant.now();

        assertThat(ns).isBetween(ns(before), ns(after));
    }

    @Test
    void processorTimeGoesOnWhileTheProcessorIsUsed() {
        KernelClock clock = KernelClock.processCpuTime();
        long before = clock.getAsLong();
        int spent = 0;
        while (clock.getAsLong() == before) {
            spent++;
        }

        assertThat(clock.getAsLong()).isGreaterThan(before);
        assertThat(spent).isNotNegative();
    }
}
