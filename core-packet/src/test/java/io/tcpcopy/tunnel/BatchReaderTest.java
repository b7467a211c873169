package io.tcpcopy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
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
    private static final TunnelFormat COMBINED = TunnelFormat.COMBINED;
    private static final TunnelFormat NOT_COMBINED = TunnelFormat.of(false, false);
    private static final TunnelFormat WITH_PAYLOAD = TunnelFormat.of(true, true);

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
        reader.read(two.slice(0, Short.BYTES + ResponseRecord.HEADERS_LENGTH));
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
            length += Short.BYTES + piece.length;
            fresh.read(ByteBuffer.wrap(new byte[] {0, (byte) (piece.length % 18)}));
            fresh.read(buffer);
            assertThat(buffer.hasRemaining()).isFalse();
        }
        assertThat(payloads).hasSizeLessThanOrEqualTo(length / ResponseRecord.HEADERS_LENGTH);
    }

    private static ByteBuffer batch(Integer... ids) {
        Batch batch = new Batch(TunnelFormat.COMBINED);
        for (int id : ids) {
            writeRecord(batch, id);
        }
        return batch.bytes().slice(0, batch.length());
    }

    /** The record of an ACK. */
    private static int writeRecord(Batch batch, int id) {
        int offset = batch.add();
        new Ipv4Header()
                .wrap(batch.bytes(), offset)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH)
                .id(id);
        new TcpHeader().wrap(batch.bytes(), offset + Ipv4Header.MIN_LENGTH).headerLength(TcpHeader.MIN_LENGTH);
        return offset;
    }

    /** A stream of so many records for each batch. */
    private static ByteBuffer stream(TunnelFormat format, int... batches) {
        ByteBuffer stream = ByteBuffer.allocate(10_000);
        for (int records : batches) {
            Batch batch = new Batch(format);
            for (int i = 0; i < records; i++) {
                writeRecord(batch, i);
            }
            stream.put(batch.bytes().slice(0, batch.length()));
        }
        return stream.flip();
    }

    private static String refusal(TunnelFormat expected, ByteBuffer stream) {
        BatchReader fresh = new BatchReader(expected, response -> {});
        assertThat(fresh.read(stream)).isFalse();
        return fresh.refusal();
    }

    @Test
    void whatIsNotCombinedIsReadRecordByRecord() {
        List<Integer> seen = new ArrayList<>();
        BatchReader fresh =
                new BatchReader(NOT_COMBINED, response -> seen.add(response.ip().id()));
        ByteBuffer stream = stream(NOT_COMBINED, 1, 1, 1);
        assertThat(fresh.read(stream.slice(0, 100))).isTrue();
        assertThat(seen).hasSize(1);
        assertThat(fresh.read(stream.slice(100, 92))).isTrue();
        assertThat(seen).hasSize(3);
    }

    @Test
    void responsesThatAreCombinedOnOneSideAloneAreRefusedAtOnce() {
        assertThat(refusal(COMBINED, stream(NOT_COMBINED, 1))).startsWith("it does not combine");
        assertThat(refusal(COMBINED, stream(TunnelFormat.of(false, true), 1))).startsWith("it does not combine");
        assertThat(refusal(NOT_COMBINED, stream(COMBINED, 1))).startsWith("it combines");
        assertThat(refusal(NOT_COMBINED, stream(COMBINED, 16))).startsWith("it combines");
    }

    @Test
    void recordsThatAreLongerThanExpectedAreRefused() {
        String reason = "its records are of another length: give --resp-payload to both programs or to neither";
        assertThat(refusal(COMBINED, stream(WITH_PAYLOAD, 2))).isEqualTo(reason);
        assertThat(refusal(COMBINED, stream(WITH_PAYLOAD, 1))).isEqualTo(reason);
        assertThat(refusal(NOT_COMBINED, stream(TunnelFormat.of(false, true), 1)))
                .isEqualTo(reason);
    }

    @Test
    void recordsThatAreShorterThanExpectedAreRefused() {
        assertThat(refusal(WITH_PAYLOAD, stream(COMBINED, 1, 1, 1))).contains("--resp-payload");
        assertThat(refusal(WITH_PAYLOAD, stream(COMBINED, 7))).contains("--resp-payload");
        assertThat(refusal(TunnelFormat.of(false, true), stream(NOT_COMBINED, 1, 1, 1)))
                .contains("--resp-payload");
    }

    @Test
    void whatNoModeExplainsIsNonsense() {
        String reason = "it sends what no intercept sends";
        assertThat(refusal(COMBINED, ByteBuffer.wrap(new byte[] {0x12, 0x34}))).isEqualTo(reason);
        assertThat(refusal(COMBINED, ByteBuffer.wrap(new byte[66]).put(1, (byte) 1)))
                .isEqualTo(reason);
        assertThat(refusal(COMBINED, ByteBuffer.wrap(new byte[128]))).isEqualTo(reason);
        assertThat(refusal(NOT_COMBINED, ByteBuffer.wrap(new byte[64]))).isEqualTo(reason);
    }
}
