package io.tcpcopy.tcpcopy.offline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundedDurationTest {
    @ParameterizedTest
    @CsvSource({
        "61, 61 seconds",
        "119, 119 seconds",
        "120, 2 minutes",
        "7199, 119 minutes",
        "7200, 2 hours",
        "172799, 47 hours",
        "172800, 2 days",
        "315532800, 3652 days",
    })
    void theLargestUnitOfWhichThereAreTwo(long seconds, String text) {
        assertThat(RoundedDuration.of(TimeUnit.SECONDS.toNanos(seconds))).isEqualTo(text);
    }
}
