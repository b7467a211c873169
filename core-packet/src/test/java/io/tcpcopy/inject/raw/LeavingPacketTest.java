package io.tcpcopy.inject.raw;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.TestPackets;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LeavingPacketTest {
    private static final int CLIENT = 0x0A010101;
    private static final int TARGET = 0x0A020002;

    /** Whatever this host sends, and however little of it is there. */
    @Property
    void bytesOfAnyKindAreLookedAtOnlyAsFarAsTheyGo(
            @ForAll @Size(max = 120) byte[] bytes, @ForAll @IntRange(max = 40) int offset, @ForAll boolean tcp) {
        LeavingPacket packet = new LeavingPacket(tcp ? Ipv4Header.PROTOCOL_TCP : Ipv4Header.PROTOCOL_UDP);
        int available = Math.max(0, bytes.length - offset);

        if (packet.wrap(ByteBuffer.wrap(bytes), Math.min(offset, bytes.length), available)) {
            packet.key();
            packet.isSyn();
            assertThat(packet.isFrom(packet.source(), packet.sourcePort())).isTrue();
            assertThat(packet.isFor(packet.destinationEnd())).isTrue();
        }
    }

    @Property
    void keyIsThatOfThePacketWhateverNatDoesToIt(
            @ForAll int seq, @ForAll @IntRange(max = 0xFFFF) int id, @ForAll int otherSource, @ForAll short otherPort) {
        ByteBuffer bytes = TestPackets.udp(CLIENT, TARGET, 80, new byte[12]);
        Ipv4Header ip = new Ipv4Header()
                .wrap(bytes, 0)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .id(id);
        TcpHeader tcp = new TcpHeader()
                .wrap(bytes, Ipv4Header.MIN_LENGTH)
                .seq(seq)
                .headerLength(TcpHeader.MIN_LENGTH)
                .flags(TcpHeader.SYN);
        LeavingPacket packet = new LeavingPacket(Ipv4Header.PROTOCOL_TCP);
        assertThat(packet.wrap(bytes, 0, bytes.capacity())).isTrue();
        long key = packet.key();
        SentPackets sent = new SentPackets();
        sent.add(packet, 3);

        ip.source(otherSource);
        tcp.sourcePort(otherPort & 0xFFFF);
        assertThat(packet.key()).isEqualTo(key);
        int place = sent.find(packet.key());
        assertThat(sent.target(place)).isEqualTo(3);
        assertThat(Endpoint.ipv4(sent.source(place), sent.sourcePort(place)))
                .isEqualTo(Endpoint.ipv4(CLIENT, TestPackets.CLIENT_PORT));
        sent.remove(place);
        assertThat(sent.find(key)).isNegative();
    }
}
