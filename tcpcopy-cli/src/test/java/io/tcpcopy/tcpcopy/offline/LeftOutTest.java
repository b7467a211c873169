package io.tcpcopy.tcpcopy.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OtherTraffic;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class LeftOutTest {
    private static final int PROTOCOL_GRE = 47;

    private final LeftOut leftOut = new LeftOut();

    private static CapturedPacket packet(int protocol) {
        ByteBuffer packet = ByteBuffer.allocate(60);
        new Ipv4Header().wrap(packet, 0).headerLength(Ipv4Header.MIN_LENGTH).protocol(protocol);
        return Captured.whole(packet);
    }

    @Test
    void theMostFrequentKindComesFirstEachWithItsRemedy() {
        leftOut.note(OtherTraffic.ARP);
        for (int i = 0; i < 120; i++) {
            leftOut.note(OtherTraffic.IPV6);
        }
        assertThat(leftOut.note(packet(PROTOCOL_GRE))).isTrue();
        assertThat(leftOut.note(packet(PROTOCOL_GRE))).isTrue();

        assertThat(leftOut)
                .hasToString(
                        "120 packets of IPv6 (not copied), 2 of GRE (capture on the device that unpacks it), 1 of ARP");
    }

    @Test
    void tcpAndUdpAreNotLeftOut() {
        assertThat(leftOut.note(packet(Ipv4Header.PROTOCOL_TCP))).isFalse();
        assertThat(leftOut.note(packet(Ipv4Header.PROTOCOL_UDP))).isFalse();

        assertThat(leftOut.counts()).isEmpty();
        assertThat(leftOut.toString()).isEmpty();
    }
}
