package io.tcpcopy.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtherTrafficTest {
    private static final String MACS = "ffffffffffff020000000009";
    private static final String SLL = "0000000100060200000000090000";
    private static final String SLL2 = "00000000000200010006020000000009";

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @ParameterizedTest
    @CsvSource({
        "ETHERNET, " + MACS + "86dd 60, IPV6",
        "ETHERNET, " + MACS + "8100 0005 88a8 0006 86dd 60, IPV6",
        "ETHERNET, " + MACS + "0806, ARP",
        "ETHERNET, " + MACS + "8847, MPLS",
        "ETHERNET, " + MACS + "8848, MPLS",
        "ETHERNET, " + MACS + "8863, PPPOE",
        "ETHERNET, " + MACS + "8864, PPPOE",
        "ETHERNET, " + MACS + "0026 424203, LLC",
        "ETHERNET, " + MACS + "88cc, OTHER",
        "ETHERNET, " + MACS + "8100 00, OTHER",
        "ETHERNET, " + MACS + ", OTHER",
        "NULL, 1e000000 60, IPV6",
        "NULL, 18000000 60, IPV6",
        "LOOP, 0000001c 60, IPV6",
        "LOOP, 0000000a 60, IPV6",
        "LOOP, 00000007 60, OTHER",
        "RAW, 60, IPV6",
        "RAW_FILE, 60, IPV6",
        "RAW, 50, OTHER",
        "RAW, '', OTHER",
        "C_HDLC, 0f00 86dd, IPV6",
        "LINUX_SLL, " + SLL + "86dd, IPV6",
        "LINUX_SLL, " + SLL + "8100 0005 0806, ARP",
        "LINUX_SLL2, 86dd 0000 " + SLL2 + ", IPV6",
        "LINUX_SLL2, 8100 0000 " + SLL2 + " 0005 86dd, IPV6",
    })
    void whatIsNotIpv4IsToldByItsLinkLayer(LinkLayer layer, String packet, OtherTraffic expected) {
        ByteBuffer buffer = bytes(packet);

        assertThat(layer.findIpv4(buffer, 0, buffer.capacity())).isEqualTo(LinkLayer.NOT_IPV4);
        assertThat(OtherTraffic.ofEtherType(layer.etherType(buffer, 0, buffer.capacity())))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "06, 4000, 9c400050, ",
        "11, 4000, 9c400035 000c0000 00000000, ",
        "11, 4000, 9c4012b5 00100000 08000000 00000100, VXLAN",
        "11, 4000, 9c402118 00100000 08000000 00000100, VXLAN",
        "11, 4000, 9c4012b5 00100000 47455420 00000000, ",
        "11, 4000, 9c4017c1 00100000 00006558 00000100, GENEVE",
        "11, 4000, 9c4017c1 00100000 00000800 00000100, ",
        "11, 4000, 9c4012b5 0008, ",
        "2f, 4000, 00000800, GRE",
        "2f, 4000, 00, GRE",
        "2f, 4000, 100088be, ERSPAN",
        "2f, 4000, 100022eb, ERSPAN",
        "04, 4000, 45, IP_IN_IP",
        "29, 4000, 60, IPV6_IN_IPV4",
        "32, 4000, 00, ESP",
        "01, 4000, 08, ICMP",
        "02, 4000, 11, IGMP",
        "84, 4000, 00, SCTP",
        "59, 4000, 00, OTHER_IPV4",
        "06, 2000, 9c400050, FRAGMENT",
        "2f, 0010, 00000800, FRAGMENT",
    })
    void anIpv4PacketIsToldByItsProtocol(String protocol, String fragment, String payload, OtherTraffic expected) {
        ByteBuffer packet =
                bytes("4500 0040 0001 " + fragment + " 40 " + protocol + " 0000 0a000001 0a000002" + payload);

        assertThat(OtherTraffic.ofIpv4(Captured.whole(packet), new Ipv4Header()))
                .isEqualTo(expected);
    }

    @Property
    void anyBytesAreSurvived(@ForAll LinkLayer layer, @ForAll @Size(max = 60) byte[] bytes) {
        ByteBuffer packet = ByteBuffer.wrap(bytes);

        assertThatCode(() -> layer.etherType(packet, 0, bytes.length)).doesNotThrowAnyException();
        assertThatCode(() -> OtherTraffic.ofIpv4(Captured.whole(packet), new Ipv4Header()))
                .doesNotThrowAnyException();
    }
}
