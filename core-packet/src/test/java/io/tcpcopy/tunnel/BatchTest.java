package io.tcpcopy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BatchTest {
    private final Batch batch = new Batch(TunnelFormat.COMBINED);

    @Test
    void theCountIsAlwaysThatOfTheRecords() {
        batch.add();
        batch.add();
        assertThat(batch.bytes().getShort(0)).isEqualTo((short) 2);
        batch.clear();
        assertThat(batch.bytes().getShort(0)).isEqualTo((short) 0);
        assertThat(batch.length()).isEqualTo(2);
    }

    @Test
    void recordsStandBehindEachOther() {
        assertThat(batch.add()).isEqualTo(2);
        assertThat(batch.add()).isEqualTo(66);
        assertThat(batch.length()).isEqualTo(130);
        assertThat(TunnelFormat.COMBINED.recordsIn(batch.length())).isEqualTo(2);
    }

    @Test
    void sixRecordsWithPayloadFillIt() {
        Batch withPayload = new Batch(TunnelFormat.of(true, true));
        for (int i = 0; i < 6; i++) {
            assertThat(withPayload.isFull()).isFalse();
            assertThat(withPayload.add()).isEqualTo(2 + i * 192);
        }
        assertThat(withPayload.isFull()).isTrue();
        assertThat(withPayload.length()).isEqualTo(2 + 6 * 192);
    }

    @Test
    void whatIsNotCombinedIsARecordAlone() {
        TunnelFormat format = TunnelFormat.of(false, false);
        Batch alone = new Batch(format);
        assertThat(alone.add()).isZero();
        assertThat(alone.isFull()).isTrue();
        assertThat(alone.length()).isEqualTo(64);
        assertThat(format.recordsIn(64)).isOne();
    }

    @Test
    void sixteenRecordsFillIt() {
        for (int i = 0; i < 16; i++) {
            assertThat(batch.isFull()).isFalse();
            batch.add();
        }
        assertThat(batch.isFull()).isTrue();
        assertThat(batch.length()).isEqualTo(TunnelFormat.COMBINED.maxBatchLength());
        assertThatThrownBy(batch::add).isInstanceOf(IllegalStateException.class);
    }
}
