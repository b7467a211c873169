package io.tcpcopy.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.metrics.Metrics;
import org.junit.jupiter.api.Test;

class MemoryStatisticsTest {
    private static final long MB = 1 << 20;

    private final Metrics metrics = new Metrics("test");
    private long residentBytes = 100 * MB;

    private String line(long slabBytes, long ringBytes) {
        return MemoryStatistics.line(metrics, slabBytes, ringBytes).toString();
    }

    @Test
    void whatHasNoNameOfItsOwnIsCode() {
        metrics.add(MemoryMetric.RESIDENT, () -> residentBytes).add(MemoryMetric.HEAP, () -> 24 * MB);

        assertThat(line(10 * MB, 32 * MB)).isEqualTo("memory MB:100,heap:24,slabs:10,ring:32,code:34");
        assertThat(line(0, 0)).isEqualTo("memory MB:100,heap:24,code:76");
    }

    @Test
    void aKernelThatDoesNotTellLeavesNoLessThanNothing() {
        residentBytes = 0;
        metrics.add(MemoryMetric.RESIDENT, () -> residentBytes).add(MemoryMetric.HEAP, () -> 24 * MB);

        assertThat(line(0, 0)).isEqualTo("memory MB:0,heap:24");
    }

    @Test
    void theHeapIsOfThisProcess() {
        MemoryMetric.add(ResidentMemory::bytes, metrics);

        assertThat(metrics.get(MemoryMetric.HEAP))
                .isEqualTo(Runtime.getRuntime().totalMemory());
        assertThat(metrics.get(MemoryMetric.RESIDENT)).isPositive();
    }
}
