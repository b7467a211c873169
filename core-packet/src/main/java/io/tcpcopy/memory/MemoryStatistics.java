package io.tcpcopy.memory;

import io.tcpcopy.logging.StatisticsLine;
import io.tcpcopy.metrics.Metrics;

/** The line of the statistics about memory, in both programs. */
public final class MemoryStatistics {
    private static final int MB_SHIFT = 20;

    private MemoryStatistics() {}

    /**
     * How much is resident, and for what, in MB; what has no name of its own is called code: the program, the JVM, and what both keep
     * outside of the heap.
     *
     * @param slabBytes for packets of sessions
     * @param ringBytes for captured packets
     */
    public static StatisticsLine line(Metrics metrics, long slabBytes, long ringBytes) {
        long resident = metrics.get(MemoryMetric.RESIDENT);
        long heap = metrics.get(MemoryMetric.HEAP);
        return new StatisticsLine("memory MB", resident >> MB_SHIFT)
                .and("heap", heap >> MB_SHIFT)
                .and("slabs", slabBytes >> MB_SHIFT)
                .and("ring", ringBytes >> MB_SHIFT)
                .and("code", Math.max(0, resident - heap - slabBytes - ringBytes) >> MB_SHIFT);
    }
}
