package io.tcpcopy.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpHeaderTest {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64);
    private final TcpHeader header = new TcpHeader().wrap(buffer, 5);

    @Test
    void writesEachFieldWhereTheStandardPutsIt() {
        header.sourcePort(0x1F90)
                .destinationPort(50000)
                .seq(0xFEDCBA98)
                .ack(0x01234567)
                .headerLength(32)
                .flags(TcpHeader.SYN | TcpHeader.ACK)
                .window(0xFFFF)
                .checksum(0xABCD)
                .urgentPointer(0x8001);

        byte[] written = new byte[TcpHeader.MIN_LENGTH];
        buffer.get(5, written);
        assertThat(HexFormat.of().formatHex(written)).isEqualTo("1f90c350fedcba98012345678012ffffabcd8001");
    }

    @Test
    void readsEachFieldFromWhereTheStandardPutsIt() {
        buffer.put(5, HexFormat.of().parseHex("1f90c350fedcba9881234567f0c1ffffabcd8001"));

        assertThat(header.offset()).isEqualTo(5);
        assertThat(header.sourcePort()).isEqualTo(8080);
        assertThat(header.destinationPort()).isEqualTo(50000);
        assertThat(header.seq()).isEqualTo(0xFEDCBA98);
        assertThat(header.ack()).isEqualTo(0x81234567);
        assertThat(header.headerLength()).isEqualTo(TcpHeader.MAX_LENGTH);
        assertThat(header.flags()).isEqualTo(TcpHeader.CWR | TcpHeader.ECE | TcpHeader.FIN);
        assertThat(header.window()).isEqualTo(0xFFFF);
        assertThat(header.checksum()).isEqualTo(0xABCD);
        assertThat(header.urgentPointer()).isEqualTo(0x8001);
    }

    @Test
    void hasAFlagWhenOneOfThoseAskedForIsSet() {
        header.flags(TcpHeader.PSH | TcpHeader.ACK);

        assertThat(header.has(TcpHeader.PSH)).isTrue();
        assertThat(header.has(TcpHeader.SYN | TcpHeader.ACK)).isTrue();
        assertThat(header.has(TcpHeader.SYN | TcpHeader.FIN)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "20, 20, true",
        "20, 19, false",
        "16, 60, false",
        "0, 60, false",
        "60, 59, false",
        "60, 60, true",
        "20, 0, false"
    })
    void isValidWhenItIsWhole(int headerLength, int available, boolean valid) {
        header.headerLength(headerLength);

        assertThat(header.isValid(available)).isEqualTo(valid);
    }

    @Property
    void isJudgedWithoutReadingBeyondWhatIsThere(
            @ForAll @Size(max = 80) byte[] bytes, @ForAll @IntRange(max = 80) int offset) {
        int start = Math.min(offset, bytes.length);
        int available = bytes.length - start;

        boolean valid = new TcpHeader().wrap(ByteBuffer.wrap(bytes), start).isValid(available);

        if (valid) {
            assertThat((bytes[start + 12] & 0xFF) / 16 * 4).isBetween(20, available);
        }
    }
}
