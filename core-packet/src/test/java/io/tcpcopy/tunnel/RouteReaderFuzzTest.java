package io.tcpcopy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a tcpcopy sends. */
class RouteReaderFuzzTest {
    private static final int PIECE_LENGTH = 9;

    @MethodSource("streams")
    @FuzzTest
    void anyStreamMeansTheSameInAnyPieces(byte[] input) {
        Pieces pieces = new Pieces(input);
        RecordedRoutes whole = new RecordedRoutes();
        boolean welcome = new RouteReader(whole).read(ByteBuffer.wrap(pieces.stream));

        RecordedRoutes cut = new RecordedRoutes();
        RouteReader reader = new RouteReader(cut);
        boolean stillWelcome = true;
        for (ByteBuffer piece : pieces.list()) {
            stillWelcome = reader.read(piece);
            assertThat(piece.hasRemaining()).isFalse();
        }

        assertThat(stillWelcome).isEqualTo(welcome);
        assertThat(cut.events).isEqualTo(whole.events);
        assertThat(cut.events).hasSizeLessThanOrEqualTo(pieces.stream.length / RouteMessage.LENGTH);
    }

    /** What C programs sent. */
    static Stream<byte[]> streams() {
        return new GoldenCapture("combined.pcap")
                .toIntercept().values().stream()
                        .map(captured ->
                                Pieces.input(GoldenCapture.joined(captured).array(), PIECE_LENGTH));
    }
}
