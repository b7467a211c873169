package io.tcpcopy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchReaderTest {
    private final List<Integer> ids = new ArrayList<>();
    private final BatchReader reader = new BatchReader(
            TunnelFormat.COMBINED, response -> ids.add(response.ip().id()));

    @Test
    void recordsOfABatchComeInOrder() {
        assertThat(reader.read(batch(7, 8, 9))).isTrue();
        assertThat(ids).containsExactly(7, 8, 9);
    }

    @Test
    void theLargestBatchIsRead() {
        Integer[] most = new Integer[16];
        for (int i = 0; i < most.length; i++) {
            most[i] = i;
        }
        assertThat(reader.read(batch(most))).isTrue();
        assertThat(ids).containsExactly(most);
    }

    @Test
    void aCountAboveTheLargestIsRefused() {
        assertThat(reader.read(ByteBuffer.wrap(new byte[] {0, 17}))).isFalse();
        assertThat(reader.read(batch(1))).isFalse();
        assertThat(ids).isEmpty();
    }

    @Test
    void aCountIsNotNegative() {
        assertThat(reader.read(ByteBuffer.wrap(new byte[] {(byte) 0xFF, (byte) 0xFF})))
                .isFalse();
    }

    @Test
    void aCountOfZeroIsAnEmptyBatch() {
        assertThat(reader.read(ByteBuffer.wrap(new byte[] {0, 0, 0, 0}))).isTrue();
        assertThat(reader.read(batch(5))).isTrue();
        assertThat(ids).containsExactly(5);
    }

    @Test
    void aRecordIsHandedOnBeforeItsBatchIsWhole() {
        ByteBuffer two = batch(1, 2);
        reader.read(two.slice(0, TunnelFormat.COUNT_LENGTH + ResponseRecord.HEADERS_LENGTH));
        assertThat(ids).containsExactly(1);
    }

    @Property(generation = GenerationMode.EXHAUSTIVE)
    void piecesMayEndAnywhere(
            @ForAll @IntRange(min = 0, max = 196) int first, @ForAll @IntRange(min = 0, max = 196) int second) {
        ByteBuffer stream =
                ByteBuffer.allocate(196).put(batch(1)).put(batch(2, 3)).flip();
        List<Integer> seen = new ArrayList<>();
        BatchReader fresh = new BatchReader(
                TunnelFormat.COMBINED, response -> seen.add(response.ip().id()));
        int cut = Math.min(first, second);
        int end = Math.max(first, second);
        assertThat(fresh.read(stream.slice(0, cut))).isTrue();
        assertThat(fresh.read(stream.slice(cut, end - cut))).isTrue();
        assertThat(fresh.read(stream.slice(end, stream.limit() - end))).isTrue();
        assertThat(seen).containsExactly(1, 2, 3);
    }

    @Property
    void anyBytesLeadToRecordsOrARefusal(@ForAll @Size(max = 12) List<byte[]> pieces) {
        List<Integer> payloads = new ArrayList<>();
        BatchReader fresh = new BatchReader(TunnelFormat.COMBINED, response -> payloads.add(response.payloadLength()));
        int length = 0;
        for (byte[] piece : pieces) {
            ByteBuffer buffer = ByteBuffer.wrap(piece);
            length += TunnelFormat.COUNT_LENGTH + piece.length;
            fresh.read(ByteBuffer.wrap(new byte[] {0, (byte) (piece.length % 18)}));
            fresh.read(buffer);
            assertThat(buffer.hasRemaining()).isFalse();
        }
        assertThat(payloads).hasSizeLessThanOrEqualTo(length / ResponseRecord.HEADERS_LENGTH);
    }

    private static ByteBuffer batch(Integer... ids) {
        Batch batch = new Batch(TunnelFormat.COMBINED);
        for (int id : ids) {
            batch.bytes().putShort(batch.add() + 4, (short) id);
        }
        return batch.bytes().slice(0, batch.length());
    }
}
