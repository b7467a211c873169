package io.tcpcopy.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class CapturedPacketTest {
    /** What a source says of a packet; null where it does not know. */
    private record Said(
            int offset,
            int length,
            int cut,
            long arrivalNs,
            Direction direction,
            ChecksumState checksum,
            Integer segmentSize) {
        void to(CapturedPacket packet, ByteBuffer buffer) {
            packet.wrap(buffer, offset, length, length + cut, arrivalNs);
            if (direction != null) {
                packet.direction(direction);
            }
            if (checksum != null) {
                packet.checksum(checksum);
            }
            if (segmentSize != null) {
                packet.segmentSize(segmentSize);
            }
        }
    }

    @Property
    void aViewSaysWhatWasSaidOfItsPacketAndNothingOfThoseBefore(
            @ForAll @Size(min = 1, max = 4) List<@From("said") Said> packets) {
        CapturedPacket packet = new CapturedPacket();
        for (Said said : packets) {
            ByteBuffer buffer = ByteBuffer.allocate(0);

            said.to(packet, buffer);

            assertThat(packet.buffer()).isSameAs(buffer);
            assertThat(packet.offset()).isEqualTo(said.offset);
            assertThat(packet.length()).isEqualTo(said.length);
            assertThat(packet.wireLength()).isEqualTo(said.length + said.cut);
            assertThat(packet.arrivalNs()).isEqualTo(said.arrivalNs);
            assertThat(packet.direction()).isEqualTo(said.direction == null ? Direction.UNKNOWN : said.direction);
            assertThat(packet.checksum()).isEqualTo(said.checksum == null ? ChecksumState.UNKNOWN : said.checksum);
            assertThat(packet.segmentSize())
                    .isEqualTo(said.segmentSize == null ? CapturedPacket.SEGMENT_SIZE_UNKNOWN : said.segmentSize);
        }
    }

    @Provide
    Arbitrary<Said> said() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 100),
                        Arbitraries.integers().between(1, 70_000),
                        Arbitraries.integers().between(0, 70_000),
                        Arbitraries.longs(),
                        Arbitraries.of(Direction.class).injectNull(0.5),
                        Arbitraries.of(ChecksumState.class).injectNull(0.5),
                        Arbitraries.integers().between(1, 9000).injectNull(0.5))
                .as(Said::new);
    }
}
