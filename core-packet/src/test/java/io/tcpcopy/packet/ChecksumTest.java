package io.tcpcopy.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    /** An IPv4 header whose checksum, 0xB861, is known. */
    private static final String IPV4_HEADER = "45000073000040004011b861c0a80001c0a800c7";

    private static final int PSEUDO_HEADER_LENGTH = 12;

    @Test
    void knowsTheChecksumOfAnIpv4Header() {
        ByteBuffer header = ByteBuffer.wrap(HexFormat.of().parseHex(IPV4_HEADER));

        assertThat(Checksum.ipv4(header, 0, Ipv4Header.MIN_LENGTH)).isEqualTo(0xB861);
    }

    @Property
    void addsWordsOneByOne(@ForAll @Size(max = 200) byte[] bytes, @ForAll @IntRange(max = 7) int offset) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(offset + bytes.length).put(offset, bytes);

        assertThat(Checksum.finish(Checksum.add(0, buffer, offset, bytes.length)))
                .isEqualTo(reference(bytes));
    }

    @Property
    void sumsPartsThatBeginAtEvenBytes(
            @ForAll @Size(min = 2, max = 200) byte[] bytes, @ForAll @IntRange(max = 100) int half) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int cut = Math.min(half * 2, bytes.length & ~1);

        long sum = Checksum.add(0, buffer, 0, cut);

        assertThat(Checksum.finish(Checksum.add(sum, buffer, cut, bytes.length - cut)))
                .isEqualTo(reference(bytes));
    }

    @Property
    void foldsSumsOfAnySize(@ForAll long sum) {
        long folded = Long.remainderUnsigned(sum, 0xFFFF);
        // One's complement has two zeros: only the sum of nothing folds to zero.
        long expected = folded == 0 && sum != 0 ? 0xFFFF : folded;

        assertThat(Checksum.finish(sum)).isEqualTo((int) (~expected & 0xFFFF));
    }

    @Property
    void aSegmentWithItsChecksumSumsToZeroAtTheReceiver(
            @ForAll int source, @ForAll int destination, @ForAll @Size(min = 20, max = 120) byte[] segment) {
        ByteBuffer buffer = withPseudoHeader(source, destination, Ipv4Header.PROTOCOL_TCP, segment);

        int checksum = Checksum.tcp(buffer, source, destination, PSEUDO_HEADER_LENGTH, segment.length);
        buffer.putShort(PSEUDO_HEADER_LENGTH + TcpHeader.CHECKSUM_OFFSET, (short) checksum);

        assertThat(reference(buffer.array())).isZero();
    }

    @Property
    void aDatagramWithItsChecksumSumsToZeroAtTheReceiver(
            @ForAll int source, @ForAll int destination, @ForAll @Size(min = 8, max = 120) byte[] datagram) {
        ByteBuffer buffer = withPseudoHeader(source, destination, Ipv4Header.PROTOCOL_UDP, datagram);

        int checksum = Checksum.udp(buffer, source, destination, PSEUDO_HEADER_LENGTH, datagram.length);
        buffer.putShort(PSEUDO_HEADER_LENGTH + UdpHeader.CHECKSUM_OFFSET, (short) checksum);

        assertThat(checksum).isBetween(1, 0xFFFF);
        assertThat(reference(buffer.array())).isZero();
    }

    @Test
    void aDatagramWhoseChecksumIs0HasFfffInstead() {
        // Without payload; ports that make up for the protocol and the length, which the pseudo header has once more.
        ByteBuffer datagram = ByteBuffer.wrap(HexFormat.of().parseHex("ffde000000080000"));

        assertThat(Checksum.udp(datagram, 0, 0, 0, UdpHeader.LENGTH)).isEqualTo(0xFFFF);
    }

    private static ByteBuffer withPseudoHeader(int source, int destination, int protocol, byte[] payload) {
        return ByteBuffer.allocate(PSEUDO_HEADER_LENGTH + payload.length)
                .putInt(source)
                .putInt(destination)
                .putInt(protocol << 16 | payload.length)
                .put(payload);
    }

    /** RFC 1071, section 4.1, word by word. */
    private static int reference(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += (bytes[i] & 0xFF) << (i % 2 == 0 ? 8 : 0);
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return ~sum & 0xFFFF;
    }
}
