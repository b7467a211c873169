package io.tcpcopy.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LinkLayerTest {
    private static final String MACS = "ffffffffffff020000000009";
    private static final String SLL = "0000000100060200000000090000";
    private static final String SLL2 = "00000000000200010006020000000009";

    @ParameterizedTest
    @CsvSource({
        "NULL, 02000000 45, 4",
        "NULL, 00000002 45, 4",
        "NULL, 1e000000 60, -1",
        "LOOP, 00000002 45, 4",
        "RAW, 45, 0",
        "RAW_FILE, 45, 0",
        "IPV4, 45, 0",
        "ETHERNET, " + MACS + "0800 45, 14",
        "ETHERNET, " + MACS + "8100 0005 0800 45, 18",
        "ETHERNET, " + MACS + "88a8 0005 8100 0006 0800 45, 22",
        "ETHERNET, " + MACS + "86dd 60, -1",
        "ETHERNET, " + MACS + "0806 00, -1",
        "ETHERNET, " + MACS + "8100 0005 86dd 60, -1",
        "RAW, 60, -1",
        "RAW_FILE, 60, -1",
        "IPV4, 60, -1",
        "C_HDLC, 0f00 0800 45, 4",
        "C_HDLC, 8f00 86dd 60, -1",
        "LINUX_SLL, " + SLL + "0800 45, 16",
        "LINUX_SLL, " + SLL + "8100 0005 0800 45, 20",
        "LINUX_SLL, " + SLL + "86dd 60, -1",
        "LINUX_SLL2, 0800 0000 " + SLL2 + " 45, 20",
        "LINUX_SLL2, 86dd 0000 " + SLL2 + " 60, -1",
        "LINUX_SLL2, 8100 0000 " + SLL2 + " 0005 0800 45, 24",
    })
    void findsTheIpv4HeaderBehindItsOwn(LinkLayer layer, String packet, int expected) {
        ByteBuffer buffer = bytes(packet);

        assertThat(layer.findIpv4(buffer, 0, buffer.capacity())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "NULL, 02000000",
        "NULL, 0200",
        "RAW, ''",
        "C_HDLC, 0f00 0800",
        "C_HDLC, 0f00 08",
        "ETHERNET, " + MACS + "0800",
        "ETHERNET, " + MACS + "08",
        "ETHERNET, " + MACS + "8100 0005",
        "ETHERNET, " + MACS + "8100 0005 08",
        "ETHERNET, " + MACS + "8100 0005 0800",
        "LINUX_SLL, " + SLL + "0800",
        "LINUX_SLL2, 0800 0000 " + SLL2,
    })
    void findsNothingInAPacketThatEndsBeforeItsIpv4Header(LinkLayer layer, String packet) {
        ByteBuffer buffer = bytes(packet);

        assertThat(layer.findIpv4(buffer, 0, buffer.capacity())).isEqualTo(LinkLayer.NOT_IPV4);
    }

    /** The packet types of {@code linux/if_packet.h}; pcap-linktype(7) says by whom the packets of each were sent. */
    @ParameterizedTest
    @CsvSource({
        "0, INBOUND",
        "1, INBOUND",
        "2, INBOUND",
        "3, INBOUND",
        "4, OUTBOUND",
        "5, UNKNOWN",
        "6, UNKNOWN",
        "255, UNKNOWN",
    })
    void aCookedCaptureSaysWhichWayAPacketWent(int packetType, Direction expected) {
        String type = HexFormat.of().toHexDigits((byte) packetType);
        ByteBuffer first = bytes("ff 00" + type + SLL.substring(4) + "0800 45");
        ByteBuffer second = bytes("ff 0800 0000 00000002 0001" + type + "06 0200000000090000 45");

        assertThat(LinkLayer.LINUX_SLL.direction(first, 1)).isEqualTo(expected);
        assertThat(LinkLayer.LINUX_SLL2.direction(second, 1)).isEqualTo(expected);
    }

    @Test
    void aPacketTypeOfTwoBytesIsReadAsAWhole() {
        ByteBuffer packet = bytes("0104" + SLL.substring(4) + "0800 45");

        assertThat(LinkLayer.LINUX_SLL.direction(packet, 0)).isEqualTo(Direction.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"LINUX_SLL", "LINUX_SLL2"})
    void noOtherLinkLayerSaysWhichWayAPacketWent(LinkLayer layer) {
        assertThat(layer.direction(ByteBuffer.allocate(0), 0)).isEqualTo(Direction.UNKNOWN);
    }

    @Property
    void neverLooksOutsideThePacket(
            @ForAll LinkLayer layer, @ForAll("hostilePackets") byte[] packet, @ForAll @IntRange(max = 9) int offset) {
        // The buffer ends with the packet: reading beyond throws.
        ByteBuffer buffer = ByteBuffer.allocate(offset + packet.length).put(offset, packet);

        int found = layer.findIpv4(buffer, offset, packet.length);

        if (found != LinkLayer.NOT_IPV4) {
            assertThat(found).isBetween(offset, offset + packet.length - 1);
            assertThatCode(() -> layer.direction(buffer, offset)).doesNotThrowAnyException();
        }
    }

    /** Up to 60 bytes among which tags and types occur often. */
    @Provide
    Arbitrary<byte[]> hostilePackets() {
        return Arbitraries.frequencyOf(
                        Tuple.of(5, Arbitraries.of((byte) 0x81, (byte) 0x88, (byte) 0xA8, (byte) 0x08)),
                        Tuple.of(5, Arbitraries.of((byte) 0x00, (byte) 0x02)),
                        Tuple.of(1, Arbitraries.bytes()))
                .array(byte[].class)
                .ofMaxSize(60);
    }

    @Test
    void isKnownByTheNumberOfItsLinkType() {
        assertThat(LinkLayer.of(1)).contains(LinkLayer.ETHERNET);
        assertThat(LinkLayer.of(113)).contains(LinkLayer.LINUX_SLL);
        assertThat(LinkLayer.of(276)).contains(LinkLayer.LINUX_SLL2);
        assertThat(LinkLayer.of(105)).isEmpty();
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
