package io.tcpcopy.intercept.serve;

import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.tunnel.Batch;
import io.tcpcopy.tunnel.TunnelFormat;
import java.nio.ByteBuffer;

/**
 * Gathers the records of one connection in batches. A batch leaves when it is full and at the end of each turn, which
 * bounds the delay by the turn; what leaves in one turn reaches the kernel in one call. So there is no need to adapt the
 * size of batches to the load, as the original does: few records make a small batch at once, many make full ones.
 */
final class RecordBatcher {
    private final TunnelFormat format;
    private final int maxRecords;
    private final Counters<InterceptCounter> counters;
    private final Output output;
    private final Batch batch;
    private long records;

    /** Where batches go; a {@link io.tcpcopy.loop.connection.Connection} outside of tests. */
    @FunctionalInterface
    interface Output {
        /** Queues a copy of a batch, wholly or not at all; returns whether it was queued. */
        boolean write(ByteBuffer buffer, int offset, int length);
    }

    /** An empty batcher. */
    RecordBatcher(TunnelFormat format, int maxRecords, Counters<InterceptCounter> counters, Output output) {
        this.format = format;
        this.maxRecords = maxRecords;
        this.counters = counters;
        this.output = output;
        batch = new Batch(format);
    }

    /** Takes a copy of a record. */
    void append(ByteBuffer buffer, int offset) {
        batch.bytes().put(batch.add(), buffer, offset, format.recordLength());
        records++;
        if (batch.count() >= maxRecords) {
            flush();
        }
    }

    /** Lets the batch leave that is being gathered, if any. */
    void flush() {
        if (batch.count() == 0) {
            return;
        }
        if (output.write(batch.bytes(), 0, batch.length())) {
            counters.increment(InterceptCounter.BATCHES);
        } else {
            counters.add(InterceptCounter.RECORDS_DROPPED, batch.count());
        }
        batch.clear();
    }

    /** How many records were taken so far. */
    long records() {
        return records;
    }
}
