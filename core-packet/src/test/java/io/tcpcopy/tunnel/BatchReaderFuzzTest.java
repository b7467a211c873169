package io.tcpcopy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever an intercept sends. */
class BatchReaderFuzzTest {
    private static final int PIECE_LENGTH = 99;

    @MethodSource("streams")
    @FuzzTest
    void anyStreamMeansTheSameInAnyPieces(byte[] input) {
        Pieces pieces = new Pieces(input);
        List<ByteBuffer> whole = new ArrayList<>();
        boolean welcome = reader(whole).read(ByteBuffer.wrap(pieces.stream));

        List<ByteBuffer> cut = new ArrayList<>();
        BatchReader reader = reader(cut);
        boolean stillWelcome = true;
        for (ByteBuffer piece : pieces.list()) {
            stillWelcome = reader.read(piece);
            assertThat(piece.hasRemaining()).isFalse();
        }

        assertThat(stillWelcome).isEqualTo(welcome);
        assertThat(cut).isEqualTo(whole);
        assertThat(cut).hasSizeLessThanOrEqualTo(pieces.stream.length / ResponseRecord.HEADERS_LENGTH);
    }

    /** What C programs sent. */
    static Stream<byte[]> streams() {
        return new GoldenCapture("combined.pcap")
                .fromIntercept().values().stream()
                        .map(captured ->
                                Pieces.input(GoldenCapture.joined(captured).array(), PIECE_LENGTH));
    }

    private static BatchReader reader(List<ByteBuffer> records) {
        return new BatchReader(TunnelFormat.COMBINED, response -> {
            ByteBuffer record = ByteBuffer.allocate(ResponseRecord.HEADERS_LENGTH);
            record.put(0, response.buffer(), response.ip().offset(), record.capacity());
            records.add(record);
        });
    }
}
