package io.tcpcopy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatisticsLineTest {
    @Test
    void theFirstNumberIsAlwaysThereAndOthersUnlessZero() {
        assertThat(new StatisticsLine("kernel drops", 0).and("frag", 0).and("not tcp", 2))
                .hasToString("kernel drops:0,not tcp:2");
    }
}
