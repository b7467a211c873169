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

class UdpHeaderTest {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64);
    private final UdpHeader header = new UdpHeader().wrap(buffer, 5);

    @Test
    void writesEachFieldWhereTheStandardPutsIt() {
        header.sourcePort(50000).destinationPort(53).length(0x8001).checksum(0xABCD);

        byte[] written = new byte[UdpHeader.LENGTH];
        buffer.get(5, written);
        assertThat(HexFormat.of().formatHex(written)).isEqualTo("c35000358001abcd");
    }

    @Test
    void readsEachFieldFromWhereTheStandardPutsIt() {
        buffer.put(5, HexFormat.of().parseHex("c3500035fffeabcd"));

        assertThat(header.offset()).isEqualTo(5);
        assertThat(header.sourcePort()).isEqualTo(50000);
        assertThat(header.destinationPort()).isEqualTo(53);
        assertThat(header.length()).isEqualTo(0xFFFE);
        assertThat(header.checksum()).isEqualTo(0xABCD);
    }

    @ParameterizedTest
    @CsvSource({
        "8, 8, true",
        "8, 7, false",
        "7, 60, false",
        "0, 60, false",
        "60, 59, false",
        "60, 60, true",
        "40, 60, true",
        "8, 0, false",
        "8, -1, false"
    })
    void isValidWhenItsDatagramIsWhole(int length, int available, boolean valid) {
        header.length(length);

        assertThat(header.isValid(available)).isEqualTo(valid);
    }

    @Property
    void isJudgedWithoutReadingBeyondWhatIsThere(
            @ForAll @Size(max = 80) byte[] bytes, @ForAll @IntRange(max = 80) int offset) {
        int start = Math.min(offset, bytes.length);
        int available = bytes.length - start;

        UdpHeader view = new UdpHeader().wrap(ByteBuffer.wrap(bytes), start);

        if (view.isValid(available)) {
            assertThat(view.length()).isBetween(UdpHeader.LENGTH, available);
        }
    }
}
