package io.tcpcopy.inject;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.UdpHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** All parts together are the packet, and each of them is right by itself. */
class SegmenterTest {
    private static final int CLIENT = 0x0A010101;
    private static final int TARGET = 0x0A020002;
    private static final int PORT = 80;
    private static final int SEQ = -1000;
    private static final int MOST_PAYLOAD = Ipv4Header.MAX_TOTAL_LENGTH - Ipv4Header.MIN_LENGTH - TcpHeader.MIN_LENGTH;
    /** Parts do not begin at even places of a batch. */
    private static final int PLACE = 3;

    private final Segmenter segmenter = new Segmenter();

    @Property(tries = 300)
    void segmentsAreThePacketInOrder(
            @ForAll @IntRange(max = MOST_PAYLOAD) int length,
            @ForAll @IntRange(min = 1, max = 3000) int segmentSize,
            @ForAll @IntRange(min = 576, max = 9000) int mtu,
            @ForAll @IntRange(max = 0x3F) int flags,
            @ForAll @IntRange(max = 0xFFFF) int urgentPointer) {
        byte[] payload = bytes(length);
        ByteBuffer packet = TestPackets.tcp(CLIENT, TARGET, PORT, flags, SEQ, payload);
        new TcpHeader().wrap(packet, Ipv4Header.MIN_LENGTH).urgentPointer(urgentPointer);

        List<ByteBuffer> parts = cut(TestPackets.view(packet, segmentSize), mtu);

        ByteArrayOutputStream arrived = new ByteArrayOutputStream();
        for (int i = 0; i < parts.size(); i++) {
            ByteBuffer part = parts.get(i);
            boolean isLast = i == parts.size() - 1;
            TcpHeader tcp = checked(part, mtu);
            assertThat(tcp.seq()).isEqualTo(SEQ + arrived.size());
            int endings = TcpHeader.FIN | TcpHeader.PSH;
            assertThat(tcp.flags() & endings).isEqualTo(isLast ? flags & endings : 0);
            int others = ~endings & ~TcpHeader.URG;
            assertThat(tcp.flags() & others).isEqualTo(flags & others);
            assertUrgency(tcp, flags, urgentPointer, arrived.size());
            int headers = Ipv4Header.MIN_LENGTH + tcp.headerLength();
            arrived.write(array(part), headers, part.capacity() - headers);
            int most = Math.max(88, Math.min(segmentSize, mtu - headers));
            assertThat(part.capacity() - headers).isLessThanOrEqualTo(most);
        }
        assertThat(arrived.toByteArray()).isEqualTo(payload);
    }

    /** The octet that the pointer shows stays the same, and no segment behind it is urgent. */
    private static void assertUrgency(TcpHeader tcp, int flags, int urgentPointer, int before) {
        boolean wasUrgent = (flags & TcpHeader.URG) != 0;
        boolean isUrgent = wasUrgent && (before == 0 || urgentPointer > before);
        assertThat(tcp.has(TcpHeader.URG)).isEqualTo(isUrgent);
        if (isUrgent) {
            assertThat(tcp.urgentPointer() + before).isEqualTo(urgentPointer);
        }
    }

    /** Both headers are right; the view of TCP's. */
    private static TcpHeader checked(ByteBuffer part, int mtu) {
        Ipv4Header ip = new Ipv4Header().wrap(part, 0);
        assertThat(ip.totalLength()).isEqualTo(part.capacity()).isLessThanOrEqualTo(mtu);
        assertThat(ip.checksum()).isEqualTo(Checksum.ipv4(part, 0, Ipv4Header.MIN_LENGTH));
        assertThat(ip.dontFragment()).isTrue();
        assertThat(ip.id()).isNotZero();
        TcpHeader tcp = new TcpHeader().wrap(part, Ipv4Header.MIN_LENGTH);
        int length = part.capacity() - Ipv4Header.MIN_LENGTH;
        assertThat(tcp.checksum()).isEqualTo(Checksum.tcp(part, CLIENT, TARGET, Ipv4Header.MIN_LENGTH, length));
        return tcp;
    }

    @Property(tries = 300)
    void fragmentsAreTheDatagram(
            @ForAll @IntRange(max = Ipv4Header.MAX_TOTAL_LENGTH - TestPackets.HEADERS_LENGTH) int length,
            @ForAll @IntRange(min = 576, max = 9000) int mtu) {
        byte[] payload = bytes(length);
        ByteBuffer packet = TestPackets.udp(CLIENT, TARGET, PORT, payload);

        List<ByteBuffer> parts = cut(TestPackets.view(packet), mtu);

        ByteBuffer datagram = ByteBuffer.allocate(UdpHeader.LENGTH + length);
        int id = new Ipv4Header().wrap(parts.get(0), 0).id();
        for (int i = 0; i < parts.size(); i++) {
            ByteBuffer part = parts.get(i);
            Ipv4Header ip = new Ipv4Header().wrap(part, 0);
            assertThat(ip.totalLength()).isEqualTo(part.capacity()).isLessThanOrEqualTo(mtu);
            assertThat(ip.checksum()).isEqualTo(Checksum.ipv4(part, 0, Ipv4Header.MIN_LENGTH));
            assertThat(ip.id()).isEqualTo(id);
            assertThat(ip.moreFragments()).isEqualTo(i < parts.size() - 1);
            assertThat(ip.fragmentOffset()).isEqualTo(datagram.position());
            datagram.put(part.position(Ipv4Header.MIN_LENGTH));
        }
        assertThat(datagram.remaining()).isZero();
        UdpHeader udp = new UdpHeader().wrap(datagram, 0);
        assertThat(udp.length()).isEqualTo(datagram.capacity());
        assertThat(udp.checksum()).isEqualTo(Checksum.udp(datagram, CLIENT, TARGET, 0, datagram.capacity()));
        assertThat(datagram.slice(UdpHeader.LENGTH, length)).isEqualTo(ByteBuffer.wrap(payload));
    }

    @Property
    void numbersOfPacketsAreNotUsedTwiceInARow(@ForAll @IntRange(max = 20_000) int length) {
        ByteBuffer packet = TestPackets.tcp(CLIENT, TARGET, PORT, TcpHeader.ACK, SEQ, bytes(length));
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            cut(TestPackets.view(packet), 1500)
                    .forEach(part -> ids.add(new Ipv4Header().wrap(part, 0).id()));
        }

        assertThat(ids).doesNotHaveDuplicates();
    }

    @Property
    void packetThatIsCutLaterHasTheSumOfItsPseudoHeader(@ForAll @IntRange(max = MOST_PAYLOAD) int length) {
        byte[] payload = bytes(length);
        ByteBuffer packet = TestPackets.tcp(CLIENT, TARGET, PORT, TcpHeader.ACK, SEQ, payload);
        ByteBuffer written = ByteBuffer.allocate(PLACE + packet.capacity());

        segmenter.writeUncut(TestPackets.view(packet, 1000), written, PLACE, 1500);

        ByteBuffer whole = written.slice(PLACE, packet.capacity());
        Ipv4Header ip = new Ipv4Header().wrap(whole, 0);
        assertThat(ip.totalLength()).isEqualTo(packet.capacity());
        assertThat(ip.checksum()).isEqualTo(Checksum.ipv4(whole, 0, Ipv4Header.MIN_LENGTH));
        // Whoever sums up the whole segment, this sum included, has its checksum.
        int segment = packet.capacity() - Ipv4Header.MIN_LENGTH;
        int filledIn = Checksum.finish(Checksum.add(0, whole, Ipv4Header.MIN_LENGTH, segment));
        assertThat(filledIn).isEqualTo(Checksum.tcp(whole, CLIENT, TARGET, Ipv4Header.MIN_LENGTH, segment));
        int headers = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;
        assertThat(whole.slice(headers, length)).isEqualTo(ByteBuffer.wrap(payload));
    }

    @Test
    void numbersAreTakenForTheSegmentsOfWhatIsCutLater() {
        ByteBuffer packet = TestPackets.tcp(CLIENT, TARGET, PORT, TcpHeader.ACK, SEQ, bytes(5000));
        ByteBuffer written = ByteBuffer.allocate(packet.capacity());
        // Away from the largest number, behind which the first one follows.
        int first;
        do {
            segmenter.writeUncut(TestPackets.view(packet, 1000), written, 0, 1500);
            first = new Ipv4Header().wrap(written, 0).id();
        } while (first > 60_000);

        segmenter.writeUncut(TestPackets.view(packet, 1000), written, 0, 1500);

        assertThat(new Ipv4Header().wrap(written, 0).id()).isEqualTo(first + 5);
    }

    @Test
    void packetIsNeverCutIntoThousands() {
        ByteBuffer packet = TestPackets.tcp(CLIENT, TARGET, PORT, TcpHeader.ACK, SEQ, bytes(MOST_PAYLOAD));

        assertThat(cut(TestPackets.view(packet, 1), 68)).hasSizeLessThanOrEqualTo(745);
    }

    private List<ByteBuffer> cut(OutgoingPacket packet, int mtu) {
        List<ByteBuffer> parts = new ArrayList<>();
        segmenter.begin(packet, mtu);
        int number = segmenter.parts();
        int length = segmenter.partsLength();
        while (segmenter.hasNext()) {
            ByteBuffer memory = ByteBuffer.allocate(PLACE + segmenter.nextLength());
            segmenter.writeNext(memory, PLACE);
            parts.add(memory.slice(PLACE, memory.capacity() - PLACE));
        }
        assertThat(parts).hasSize(number);
        assertThat(parts.stream().mapToInt(ByteBuffer::capacity).sum()).isEqualTo(length);
        return parts;
    }

    private static byte[] array(ByteBuffer part) {
        byte[] bytes = new byte[part.capacity()];
        part.get(0, bytes);
        return bytes;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
