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

class Ipv4HeaderTest {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64);
    private final Ipv4Header header = new Ipv4Header().wrap(buffer, 3);

    @Test
    void writesEachFieldWhereTheStandardPutsIt() {
        header.headerLength(20)
                .typeOfService(0xB9)
                .totalLength(1500)
                .id(0xABCD)
                .dontFragment(true)
                .ttl(64)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .checksum(0x1234)
                .source(0x0A000001)
                .destination(0xC0A80102);

        assertThat(bytes(3, 20)).isEqualTo("45b905dcabcd4000400612340a000001c0a80102");
    }

    @Test
    void readsEachFieldFromWhereTheStandardPutsIt() {
        buffer.put(3, HexFormat.of().parseHex("4fb9fffeabcd4000ff11fedc0a000001c0a80102"));

        assertThat(header.offset()).isEqualTo(3);
        assertThat(header.version()).isEqualTo(4);
        assertThat(header.headerLength()).isEqualTo(60);
        assertThat(header.typeOfService()).isEqualTo(0xB9);
        assertThat(header.typeOfServiceWithoutEcn()).isEqualTo(0xB8);
        assertThat(header.totalLength()).isEqualTo(0xFFFE);
        assertThat(header.id()).isEqualTo(0xABCD);
        assertThat(header.dontFragment()).isTrue();
        assertThat(header.isFragment()).isFalse();
        assertThat(header.ttl()).isEqualTo(255);
        assertThat(header.protocol()).isEqualTo(Ipv4Header.PROTOCOL_UDP);
        assertThat(header.checksum()).isEqualTo(0xFEDC);
        assertThat(header.source()).isEqualTo(0x0A000001);
        assertThat(header.destination()).isEqualTo(0xC0A80102);
    }

    @ParameterizedTest
    @CsvSource({"0x0000, false", "0x4000, false", "0x8000, false", "0x2000, true", "0x0001, true", "0x1FFF, true"})
    void aFragmentHasFollowersOrAnOffset(String flagsAndOffset, boolean fragment) {
        buffer.putShort(3 + 6, (short) (int) Integer.decode(flagsAndOffset));

        assertThat(header.isFragment()).isEqualTo(fragment);
    }

    @ParameterizedTest
    @CsvSource({"0, true, 2000", "1480, true, 20b9", "65528, false, 1fff", "8, false, 0001"})
    void aFragmentHasItsPlaceInUnitsOf8Bytes(int payloadOffset, boolean more, String written) {
        header.dontFragment(true).fragment(payloadOffset, more);

        assertThat(bytes(3 + 6, 2)).isEqualTo(written);
        assertThat(header.isFragment()).isTrue();
        assertThat(header.fragmentOffset()).isEqualTo(payloadOffset);
        assertThat(header.moreFragments()).isEqualTo(more);
        assertThat(header.dontFragment()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0x45, 20, true",
        "0x45, 19, false",
        "0x44, 60, false",
        "0x40, 60, false",
        "0x4F, 59, false",
        "0x4F, 60, true",
        "0x65, 60, false",
        "0x55, 60, false",
        "0x45, 1, false",
        "0x45, 0, false"
    })
    void isValidWhenItIsVersion4AndWhole(String firstByte, int available, boolean valid) {
        buffer.put(3, (byte) (int) Integer.decode(firstByte));

        assertThat(header.isValid(available)).isEqualTo(valid);
    }

    @Property
    void isJudgedWithoutReadingBeyondWhatIsThere(
            @ForAll @Size(max = 80) byte[] bytes, @ForAll @IntRange(max = 80) int offset) {
        int start = Math.min(offset, bytes.length);
        int available = bytes.length - start;

        boolean valid = new Ipv4Header().wrap(ByteBuffer.wrap(bytes), start).isValid(available);

        if (valid) {
            assertThat((bytes[start] & 0x0F) * 4).isBetween(20, available);
        }
    }

    private String bytes(int offset, int length) {
        byte[] copy = new byte[length];
        buffer.get(offset, copy);
        return HexFormat.of().formatHex(copy);
    }
}
