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
    private static final List<TunnelFormat> FORMATS = List.of(
            TunnelFormat.of(true, false),
            TunnelFormat.of(true, true),
            TunnelFormat.of(false, false),
            TunnelFormat.of(false, true));

    @MethodSource("streams")
    @FuzzTest
    void anyStreamMeansTheSameInAnyPieces(byte[] input) {
        Pieces pieces = new Pieces(input);
        for (TunnelFormat format : FORMATS) {
            check(format, pieces);
        }
    }

    private static void check(TunnelFormat format, Pieces pieces) {
        List<ByteBuffer> whole = new ArrayList<>();
        boolean welcome = reader(format, whole).read(ByteBuffer.wrap(pieces.stream));

        List<ByteBuffer> cut = new ArrayList<>();
        BatchReader reader = reader(format, cut);
        boolean stillWelcome = true;
        for (ByteBuffer piece : pieces.list()) {
            stillWelcome = reader.read(piece);
            assertThat(piece.hasRemaining()).isFalse();
        }

        assertThat(stillWelcome).isEqualTo(welcome);
        assertThat(reader.refusal() == null).as("no word of a refusal").isEqualTo(welcome);
        assertThat(cut).isEqualTo(whole);
        assertThat(cut).hasSizeLessThanOrEqualTo(pieces.stream.length / format.recordLength());
    }

    /** What C programs sent. */
    static Stream<byte[]> streams() {
        return Stream.of("combined.pcap", "not-combined.pcap", "payload.pcap")
                .flatMap(file -> new GoldenCapture(file).fromIntercept().values().stream())
                .map(captured -> Pieces.input(GoldenCapture.joined(captured).array(), PIECE_LENGTH));
    }

    private static BatchReader reader(TunnelFormat format, List<ByteBuffer> records) {
        return new BatchReader(format, response -> {
            ByteBuffer record = ByteBuffer.allocate(format.recordLength());
            record.put(0, response.buffer(), response.ip().offset(), record.capacity());
            records.add(record);
        });
    }
}
