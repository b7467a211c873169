package io.tcpcopy.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is captured: what is found in it depends on the captured bytes alone, and only they are changed. */
class PacketFuzzTest {
    private static final int AROUND_LENGTH = 64;
    /** What would be read outside: an IPv4 header, and a VLAN tag. */
    private static final byte[] AROUND = {0x45, (byte) 0x81};

    @MethodSource("packets")
    @FuzzTest
    void nothingIsReadOutsideOfThePacket(byte[] linkLayerAndPacket) {
        if (linkLayerAndPacket.length > 0) {
            LinkLayer[] layers = LinkLayer.values();
            LinkLayer layer = layers[Math.floorMod(linkLayerAndPacket[0], layers.length)];
            check(layer, Arrays.copyOfRange(linkLayerAndPacket, 1, linkLayerAndPacket.length));
        }
    }

    @Property
    void nothingIsReadOutsideOfAPacketThatLooksRight(
            @ForAll @Size(max = 90) byte[] packet, @ForAll boolean tcp, @ForAll boolean tcpLength) {
        if (packet.length > 0) {
            packet[0] = (byte) (0x40 | packet[0] & 0x0F);
        }
        if (tcp && packet.length > 9) {
            packet[9] = Ipv4Header.PROTOCOL_TCP;
        }
        if (tcpLength && packet.length > 32) {
            packet[0] = 0x45;
            packet[32] |= 0x50;
        }
        check(LinkLayer.RAW, packet);
    }

    /** A SYN with options, by link layer. */
    static Stream<byte[]> packets() {
        ByteBuffer syn = ByteBuffer.allocate(60);
        new Ipv4Header()
                .wrap(syn, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(60)
                .protocol(Ipv4Header.PROTOCOL_TCP);
        new TcpHeader().wrap(syn, 20).headerLength(40).flags(TcpHeader.SYN);
        syn.put(40, new byte[] {2, 4, 5, (byte) 0xB4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7});
        return Stream.of(LinkLayer.values()).map(layer -> {
            ByteBuffer seed = ByteBuffer.allocate(1 + layer.headerLength() + syn.capacity());
            seed.put((byte) layer.ordinal());
            switch (layer) {
                case ETHERNET -> seed.putShort(1 + 12, (short) 0x0800);
                case LINUX_SLL -> seed.putShort(1 + 14, (short) 0x0800);
                case LINUX_SLL2 -> seed.putShort(1, (short) 0x0800);
                case NULL, LOOP -> seed.putInt(1, 2);
                case RAW, RAW_FILE, IPV4 -> {
                    // Nothing stands before the packet.
                }
            }
            return seed.put(1 + layer.headerLength(), syn.array()).array();
        });
    }

    private static void check(LinkLayer layer, byte[] packet) {
        // A buffer without anything around the packet throws when that is read or written.
        ByteBuffer alone = ByteBuffer.wrap(packet.clone());
        List<Object> found = examine(layer, alone, 0, packet.length);
        for (byte around : AROUND) {
            byte[] bytes = new byte[packet.length + 2 * AROUND_LENGTH];
            Arrays.fill(bytes, around);
            System.arraycopy(packet, 0, bytes, AROUND_LENGTH, packet.length);
            byte[] expected = bytes.clone();
            System.arraycopy(alone.array(), 0, expected, AROUND_LENGTH, packet.length);

            assertThat(examine(layer, ByteBuffer.wrap(bytes), AROUND_LENGTH, packet.length))
                    .isEqualTo(found);
            assertThat(bytes).isEqualTo(expected);
        }
    }

    /** All that can be found, in the order in which the programs look. */
    private static List<Object> examine(LinkLayer layer, ByteBuffer buffer, int offset, int length) {
        List<Object> found = new ArrayList<>();
        int ipOffset = layer.findIpv4(buffer, offset, length);
        if (ipOffset == LinkLayer.NOT_IPV4) {
            return found;
        }
        found.add(ipOffset - offset);
        int available = length - (ipOffset - offset);
        Ipv4Header ip = new Ipv4Header().wrap(buffer, ipOffset);
        if (!ip.isValid(available)) {
            return found;
        }
        found.addAll(List.of(
                ip.totalLength(), ip.isFragment(), ip.fragmentOffset(), ip.protocol(), ip.source(), ip.destination()));
        found.add(Checksum.ipv4(buffer, ipOffset, ip.headerLength()));
        addDatagram(found, buffer, ip, available - ip.headerLength());
        int tcpAvailable = available - ip.headerLength();
        TcpHeader tcp = new TcpHeader().wrap(buffer, ipOffset + ip.headerLength());
        if (!tcp.isValid(tcpAvailable)) {
            return found;
        }
        found.addAll(List.of(tcp.sourcePort(), tcp.destinationPort(), tcp.seq(), tcp.ack(), tcp.flags()));
        found.addAll(List.of(tcp.window(), tcp.urgentPointer()));
        found.add(Checksum.tcp(buffer, ip.source(), ip.destination(), tcp.offset(), tcpAvailable));
        int optionsStart = tcp.offset() + TcpHeader.MIN_LENGTH;
        int optionsEnd = tcp.offset() + tcp.headerLength();
        addOptions(found, buffer, optionsStart, optionsEnd);
        TcpOptions.keepBasic(buffer, optionsStart, optionsEnd);
        addOptions(found, buffer, optionsStart, optionsEnd);
        return found;
    }

    private static void addDatagram(List<Object> found, ByteBuffer buffer, Ipv4Header ip, int available) {
        UdpHeader udp = new UdpHeader().wrap(buffer, ip.offset() + ip.headerLength());
        if (udp.isValid(available)) {
            found.addAll(List.of(udp.sourcePort(), udp.destinationPort(), udp.length(), udp.checksum()));
            found.add(Checksum.udp(buffer, ip.source(), ip.destination(), udp.offset(), udp.length()));
        }
    }

    private static void addOptions(List<Object> found, ByteBuffer buffer, int start, int end) {
        int mss = TcpOptions.find(buffer, start, end, TcpOptions.MSS, TcpOptions.MSS_LENGTH);
        int scale = TcpOptions.find(buffer, start, end, TcpOptions.WINDOW_SCALE, TcpOptions.WINDOW_SCALE_LENGTH);
        int times = TcpOptions.find(buffer, start, end, TcpOptions.TIMESTAMPS, TcpOptions.TIMESTAMPS_LENGTH);
        found.add(mss == TcpOptions.ABSENT ? mss : TcpOptions.mss(buffer, mss));
        found.add(scale == TcpOptions.ABSENT ? scale : TcpOptions.windowScale(buffer, scale));
        found.add(times == TcpOptions.ABSENT ? times : buffer.getInt(TcpOptions.timestampEchoIndex(times)));
    }
}
