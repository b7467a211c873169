package io.tcpcopy.intercept.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.tunnel.ResponseRecord;
import io.tcpcopy.tunnel.TunnelFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordBatcherTest {
    private final Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
    private final List<ByteBuffer> written = new ArrayList<>();
    private boolean full;
    private final RecordBatcher batcher = new RecordBatcher(TunnelFormat.COMBINED, 3, counters, this::write);

    @Test
    void recordsLeaveTogetherAtTheEndOfTheTurn() {
        append(1);
        append(2);
        assertThat(written).isEmpty();
        batcher.flush();
        assertThat(written).containsExactly(batch(1, 2));
    }

    @Test
    void aFullBatchLeavesAtOnce() {
        append(1);
        append(2);
        append(3);
        append(4);
        assertThat(written).containsExactly(batch(1, 2, 3));
        batcher.flush();
        assertThat(written).containsExactly(batch(1, 2, 3), batch(4));
        assertThat(counters.get(InterceptCounter.BATCHES)).isEqualTo(2);
    }

    @Test
    void anEmptyBatchDoesNotLeave() {
        batcher.flush();
        append(1);
        batcher.flush();
        batcher.flush();
        assertThat(written).hasSize(1);
    }

    @Test
    void aBatchThatIsRefusedIsCounted() {
        full = true;
        append(1);
        append(2);
        batcher.flush();
        full = false;
        append(3);
        batcher.flush();
        assertThat(written).containsExactly(batch(3));
        assertThat(counters.get(InterceptCounter.RECORDS_DROPPED)).isEqualTo(2);
        assertThat(batcher.records()).isEqualTo(3);
    }

    private boolean write(ByteBuffer buffer, int offset, int length) {
        if (!full) {
            written.add(ByteBuffer.allocate(length).put(0, buffer, offset, length));
        }
        return !full;
    }

    private void append(int value) {
        ByteBuffer surroundings = ByteBuffer.allocate(ResponseRecord.HEADERS_LENGTH + 2);
        surroundings.put(1, record(value), 0, ResponseRecord.HEADERS_LENGTH);
        batcher.append(surroundings, 1);
    }

    private static ByteBuffer batch(int... values) {
        ByteBuffer batch = ByteBuffer.allocate(2 + values.length * ResponseRecord.HEADERS_LENGTH);
        batch.putShort((short) values.length);
        for (int value : values) {
            batch.put(record(value));
        }
        return batch.flip();
    }

    private static ByteBuffer record(int value) {
        return ByteBuffer.allocate(ResponseRecord.HEADERS_LENGTH).putInt(0, value);
    }
}
