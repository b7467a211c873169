package io.tcpcopy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CapturedResponseTest {
    private static final int SEQ = 0xFFFF_F000;
    private static final byte FILL = 0x55;

    private final CapturedResponse response = new CapturedResponse(TunnelFormat.COMBINED);
    private final ResponseRecord record = new ResponseRecord();

    @Property
    void headersAndPayloadLengthSurvive(
            @ForAll @IntRange(min = 5, max = 15) int ipWords,
            @ForAll @IntRange(min = 5, max = 15) int tcpWords,
            @ForAll @IntRange(min = 0, max = 1460) int payload) {
        ByteBuffer packet = packet(ipWords * 4, tcpWords * 4, payload, TcpHeader.ACK);

        encode(packet, packet.limit(), 0);

        assertThat(record.ip().headerLength()).isEqualTo(20);
        assertThat(record.payloadLength()).isEqualTo(payload);
        assertThat(record.tcp().headerLength()).isEqualTo(tcpWords * 4);
        assertThat(record.tcp().seq()).isEqualTo(SEQ);
        assertThat(record.ip().source()).isEqualTo(0x0A000001);
        int optionsStart = record.tcp().offset() + TcpHeader.MIN_LENGTH;
        for (int i = 0; i < Math.min(tcpWords * 4 - 20, 24); i++) {
            assertThat(record.buffer().get(optionsStart + i)).isEqualTo(FILL);
        }
    }

    @Test
    void whatFollowsTheHeadersIsZero() {
        ByteBuffer packet = packet(24, 32, 100, TcpHeader.ACK);
        ByteBuffer to = ByteBuffer.allocateDirect(100);
        for (int index = 0; index < to.limit(); index++) {
            to.put(index, (byte) 0x77);
        }
        assertThat(response.parse(Captured.whole(packet))).isEqualTo(ResponseVerdict.WHOLE);
        response.write(0, to, 10);
        for (int index = 10 + 20 + 32; index < 10 + 64; index++) {
            assertThat(to.get(index)).isZero();
        }
        assertThat(to.get(9)).isEqualTo((byte) 0x77);
        assertThat(to.get(10 + 64)).isEqualTo((byte) 0x77);
    }

    @Test
    void ethernetPaddingIsNoPayload() {
        ByteBuffer packet = packet(20, 20, 0, TcpHeader.ACK);
        encode(ByteBuffer.allocate(60).put(packet).clear(), 60, 0);
        assertThat(record.payloadLength()).isZero();
    }

    @Test
    void aTotalLengthOfZeroMeansTheLengthOfThePacket() {
        ByteBuffer packet = packet(20, 32, 3000, TcpHeader.ACK);
        new Ipv4Header().wrap(packet, 0).totalLength(0);
        encode(packet, packet.limit(), 0);
        assertThat(record.payloadLength()).isEqualTo(3000);
    }

    @Test
    void theLongestTotalLengthFitsInOneRecord() {
        ByteBuffer packet = packet(20, 32, 65535 - 52, TcpHeader.ACK);
        encode(packet, packet.limit(), 0);
        assertThat(response.records()).isOne();
        assertThat(record.payloadLength()).isEqualTo(65535 - 52);
    }

    @Property
    void aLongerResponseGoesAsSeveralRecordsWithoutHoles(
            @ForAll @IntRange(min = 65484, max = 400_000) int payload, @ForAll boolean fin) {
        int flags = TcpHeader.ACK | TcpHeader.PSH | (fin ? TcpHeader.FIN : 0);
        ByteBuffer packet = packet(20, 32, 0, flags);
        new Ipv4Header().wrap(packet, 0).totalLength(0);

        int covered = 0;
        assertThat(response.parse(Captured.part(packet, packet.limit(), 52 + payload)))
                .isEqualTo(ResponseVerdict.WHOLE);
        int parts = response.records();
        for (int part = 0; part < parts; part++) {
            encode(packet, 52 + payload, part);
            assertThat(record.payloadLength()).isPositive();
            assertThat(record.tcp().seq()).isEqualTo(SEQ + covered);
            assertThat(record.tcp().flags()).isEqualTo(part == parts - 1 ? flags : TcpHeader.ACK);
            covered += record.payloadLength();
        }
        assertThat(parts).isGreaterThan(1);
        assertThat(covered).isEqualTo(payload);
    }

    @Test
    void aSynCountsForTheNumbersOfLaterParts() {
        ByteBuffer packet = packet(20, 20, 0, TcpHeader.SYN | TcpHeader.ACK);
        new Ipv4Header().wrap(packet, 0).totalLength(0);
        encode(packet, 40 + 70_000, 0);
        int first = record.payloadLength();
        assertThat(record.tcp().has(TcpHeader.SYN)).isTrue();
        encode(packet, 40 + 70_000, 1);
        assertThat(record.tcp().flags()).isEqualTo(TcpHeader.ACK);
        assertThat(record.tcp().seq()).isEqualTo(SEQ + 1 + first);
    }

    @Property
    void aShortPayloadStandsWholeBehindItsHeaderAndALongerOneNotAtAll(
            @ForAll @IntRange(min = 5, max = 15) int ipWords,
            @ForAll @IntRange(min = 5, max = 11) int tcpWords,
            @ForAll @IntRange(min = 0, max = 200) int payload,
            @ForAll @IntRange(min = 0, max = 40) int notCaptured) {
        ByteBuffer packet = packet(ipWords * 4, tcpWords * 4, payload, TcpHeader.ACK);
        int headers = ipWords * 4 + tcpWords * 4;
        for (int i = 0; i < payload; i++) {
            packet.put(headers + i, (byte) (i + 1));
        }
        int captured = Math.max(headers, packet.limit() - notCaptured);

        ByteBuffer record = encodeWithPayload(packet, captured);

        boolean held = payload <= 128 && captured == packet.limit();
        for (int i = 0; i < 192 - 20 - tcpWords * 4; i++) {
            assertThat(record.get(20 + tcpWords * 4 + i)).isEqualTo(held && i < payload ? (byte) (i + 1) : 0);
        }
        assertThat(new ResponseRecord().wrap(record, 0).payloadLength()).isEqualTo(payload);
    }

    @Property
    void behindAHeaderWhoseOptionsAreCutThePayloadStaysInsideOfTheRecord(
            @ForAll @IntRange(min = 12, max = 15) int tcpWords, @ForAll @IntRange(min = 1, max = 128) int payload) {
        int start = 20 + tcpWords * 4;
        ByteBuffer packet = packet(20, tcpWords * 4, payload, TcpHeader.ACK);
        packet.put(start, (byte) 0x77);

        ByteBuffer record = encodeWithPayload(packet, packet.limit());

        assertThat(record.get(start)).isEqualTo((byte) (start + payload <= 192 ? 0x77 : 0));
        for (int index = 64; index < start; index++) {
            assertThat(record.get(index)).isZero();
        }
    }

    @Test
    void anIpv4HeaderThatIsImpossibleOrNotThereIsInvalid() {
        ByteBuffer packet = packet(24, 20, 0, TcpHeader.ACK);
        assertThat(response.parse(Captured.part(packet, 23, 44))).isEqualTo(ResponseVerdict.INVALID_IPV4);
        assertThat(response.parse(Captured.part(packet, 19, 44))).isEqualTo(ResponseVerdict.INVALID_IPV4);
        assertThat(response.parse(Captured.whole(packet.put(0, (byte) 0x66)))).isEqualTo(ResponseVerdict.INVALID_IPV4);
        assertThat(response.parse(Captured.whole(packet.put(0, (byte) 0x44)))).isEqualTo(ResponseVerdict.INVALID_IPV4);
    }

    @Test
    void anotherProtocolIsNotTcpAlsoInAFragment() {
        ByteBuffer packet = packet(20, 20, 0, TcpHeader.ACK);
        new Ipv4Header().wrap(packet, 0).protocol(Ipv4Header.PROTOCOL_UDP).fragment(8, true);
        assertThat(response.parse(Captured.whole(packet))).isEqualTo(ResponseVerdict.NOT_TCP);
    }

    @Test
    void thePartsOfASegmentAreFragments() {
        ByteBuffer packet = packet(20, 20, 0, TcpHeader.ACK);
        new Ipv4Header().wrap(packet, 0).fragment(0, true);
        assertThat(response.parse(Captured.whole(packet))).isEqualTo(ResponseVerdict.FRAGMENT);
        new Ipv4Header().wrap(packet, 0).fragment(8, false);
        assertThat(response.parse(Captured.part(packet, 20, 40))).isEqualTo(ResponseVerdict.FRAGMENT);
    }

    @Test
    void aTcpHeaderThatIsImpossibleNotThereOrNotCoveredIsInvalid() {
        ByteBuffer packet = packet(20, 32, 100, TcpHeader.ACK);
        assertThat(response.parse(Captured.part(packet, 51, 152))).isEqualTo(ResponseVerdict.INVALID_TCP);
        assertThat(response.parse(Captured.part(packet, 52, 152))).isEqualTo(ResponseVerdict.WHOLE);
        new Ipv4Header().wrap(packet, 0).totalLength(51);
        assertThat(response.parse(Captured.whole(packet))).isEqualTo(ResponseVerdict.INVALID_TCP);
        new Ipv4Header().wrap(packet, 0).totalLength(0);
        assertThat(response.parse(Captured.part(packet, 51, 152))).isEqualTo(ResponseVerdict.INVALID_TCP);
        assertThat(response.parse(Captured.part(packet, 52, 152))).isEqualTo(ResponseVerdict.WHOLE);
        new TcpHeader().wrap(packet, 20).headerLength(16);
        assertThat(response.parse(Captured.whole(packet))).isEqualTo(ResponseVerdict.INVALID_TCP);
    }

    @Test
    void aDamagedResponseIsNotBelievedWhereOthersShowRightChecksums() {
        ByteBuffer right = packet(20, 20, 20, TcpHeader.ACK);
        Ipv4Header ip = new Ipv4Header().wrap(right, 0);
        TcpHeader tcp = new TcpHeader().wrap(right, 20).checksum(0);
        tcp.checksum(Checksum.tcp(right, ip.source(), ip.destination(), 20, 40));
        int notFilledIn =
                ~Checksum.finish(Checksum.pseudoHeader(ip.source(), ip.destination(), Ipv4Header.PROTOCOL_TCP, 40))
                        & 0xFFFF;

        ByteBuffer damaged = ByteBuffer.allocate(60).put(right.array()).clear();
        tcp.wrap(damaged, 20).ack(0x100);
        assertThat(response.parse(Captured.whole(damaged)))
                .as("nothing is known yet")
                .isEqualTo(ResponseVerdict.WHOLE);
        assertThat(response.parse(Captured.whole(right))).isEqualTo(ResponseVerdict.WHOLE);
        assertThat(response.parse(Captured.whole(right))).isEqualTo(ResponseVerdict.WHOLE);
        assertThat(response.parse(Captured.part(damaged, 59, 60)))
                .as("its checksum covers more than was captured")
                .isEqualTo(ResponseVerdict.WHOLE);
        assertThat(response.parse(Captured.whole(damaged))).isEqualTo(ResponseVerdict.BAD_CHECKSUM);

        assertThat(response.parse(Captured.whole(right))).isEqualTo(ResponseVerdict.WHOLE);
        tcp.checksum(notFilledIn);
        assertThat(response.parse(Captured.whole(damaged)))
                .as("a card is to fill it in")
                .isEqualTo(ResponseVerdict.WHOLE);
    }

    @Property
    void whatIsWholeHasRecordsWhateverItsBytesAre(
            @ForAll @Size(max = 130) byte[] bytes,
            @ForAll @IntRange(max = 300_000) int notCaptured,
            @ForAll @IntRange(max = 255) int totalLength,
            @ForAll @IntRange(max = 9) int offset,
            @ForAll boolean plausible) {
        if (plausible && bytes.length > 20) {
            bytes[0] = (byte) (0x45 + (bytes[0] & 1));
            bytes[2] = 0;
            bytes[3] = (byte) totalLength;
            bytes[6] = 0;
            bytes[7] = 0;
            bytes[9] = Ipv4Header.PROTOCOL_TCP;
        }
        // The buffer ends with the packet: reading beyond throws.
        ByteBuffer buffer = ByteBuffer.allocate(offset + bytes.length).put(offset, bytes);
        CapturedPacket packet = new CapturedPacket().wrap(buffer, offset, bytes.length, bytes.length + notCaptured, 0);

        if (response.parse(packet) == ResponseVerdict.WHOLE) {
            ByteBuffer to = ByteBuffer.allocate(ResponseRecord.HEADERS_LENGTH);
            for (int part = 0; part < response.records(); part++) {
                response.write(part, to, 0);
                assertThat(record.wrap(to, 0).payloadLength()).isBetween(0, 65535);
            }
        }
    }

    private static ByteBuffer encodeWithPayload(ByteBuffer packet, int captured) {
        TunnelFormat format = TunnelFormat.of(true, true);
        ByteBuffer record = ByteBuffer.allocate(format.recordLength());
        CapturedResponse response = new CapturedResponse(format);
        assertThat(response.parse(Captured.part(packet, captured, packet.limit())))
                .isEqualTo(ResponseVerdict.WHOLE);
        response.write(0, record, 0);
        return record;
    }

    private void encode(ByteBuffer packet, int length, int part) {
        ByteBuffer to = ByteBuffer.allocateDirect(ResponseRecord.HEADERS_LENGTH);
        assertThat(response.parse(Captured.part(packet, packet.limit(), length)))
                .isEqualTo(ResponseVerdict.WHOLE);
        response.write(part, to, 0);
        record.wrap(to, 0);
    }

    private static ByteBuffer packet(int ipLength, int tcpLength, int payload, int flags) {
        int length = ipLength + tcpLength + payload;
        ByteBuffer packet = ByteBuffer.allocate(length);
        for (int index = 0; index < ipLength + tcpLength; index++) {
            packet.put(index, FILL);
        }
        new Ipv4Header()
                .wrap(packet, 0)
                .headerLength(ipLength)
                .totalLength(length)
                .dontFragment(true)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(0x0A000001)
                .destination(0x0A000002);
        new TcpHeader().wrap(packet, ipLength).seq(SEQ).headerLength(tcpLength).flags(flags);
        return packet;
    }
}
