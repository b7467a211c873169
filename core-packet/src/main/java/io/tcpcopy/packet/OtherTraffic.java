package io.tcpcopy.packet;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a captured packet is, if it is neither TCP nor UDP over IPv4, and so is not copied: for people who wonder why. What
 * carries other packets is told by its outermost header.
 */
public enum OtherTraffic {
    /** A packet of IP version 6. */
    IPV6("IPv6", Remedy.NONE),
    /** Address resolution (RFC 826). */
    ARP("ARP"),
    /** Labels of RFC 3032 before the packet. */
    MPLS("MPLS", Remedy.UNPACK),
    /** Dial-in over Ethernet (RFC 2516). */
    PPPOE("PPPoE", Remedy.UNPACK),
    /** A length in the place of the EtherType, as spanning tree has it. */
    LLC("IEEE 802.2 LLC"),
    /** Whatever it is a part of. */
    FRAGMENT("IPv4 fragments", "not put together"),
    /** IPv4 in IPv4 (RFC 2003). */
    IP_IN_IP("IP in IP", Remedy.UNPACK),
    /** RFC 4213. */
    IPV6_IN_IPV4("IPv6 in IPv4", Remedy.NONE),
    /** RFC 2784. */
    GRE("GRE", Remedy.UNPACK),
    /** Mirrored traffic in GRE (draft-foschiano-erspan). */
    ERSPAN("ERSPAN", Remedy.UNPACK),
    /** RFC 7348. */
    VXLAN("VXLAN", Remedy.UNPACK),
    /** RFC 8926. */
    GENEVE("Geneve", Remedy.UNPACK),
    /** RFC 4303. */
    ESP("IPsec ESP", "capture where it is decrypted"),
    /** RFC 792. */
    ICMP("ICMP"),
    /** RFC 3376. */
    IGMP("IGMP"),
    /** RFC 9260. */
    SCTP("SCTP"),
    /** What no name is known for here. */
    OTHER_IPV4("other protocols over IPv4"),
    /** What no name is known for here, or too short to say. */
    OTHER("other protocols");

    /** What can be done about it, in words. */
    private static final class Remedy {
        private static final String NONE = "not copied";
        private static final String UNPACK = "capture on the device that unpacks it";
    }

    // EtherTypes, by IANA's list. What is less is a length (IEEE 802.3).
    private static final int MIN_ETHER_TYPE = 0x0600;
    private static final int TYPE_ARP = 0x0806;
    private static final int TYPE_MPLS = 0x8847;
    private static final int TYPE_MPLS_UPSTREAM = 0x8848;
    private static final int TYPE_PPPOE_DISCOVERY = 0x8863;
    private static final int TYPE_PPPOE_SESSION = 0x8864;

    // Protocols over IPv4, by IANA's list.
    private static final int PROTOCOL_ICMP = 1;
    private static final int PROTOCOL_IGMP = 2;
    private static final int PROTOCOL_IPV4 = 4;
    private static final int PROTOCOL_IPV6 = 41;
    private static final int PROTOCOL_GRE = 47;
    private static final int PROTOCOL_ESP = 50;
    private static final int PROTOCOL_SCTP = 132;

    /** Where a GRE header has the EtherType of what it carries; those of ERSPAN, type II and III. */
    private static final int GRE_TYPE_OFFSET = 2;

    private static final int TYPE_ERSPAN_2 = 0x88BE;
    private static final int TYPE_ERSPAN_3 = 0x22EB;

    /** Ports to which what carries Ethernet frames goes; Linux has used another one for VXLAN. */
    private static final int PORT_VXLAN = 4789;

    private static final int PORT_VXLAN_LINUX = 8472;
    private static final int PORT_GENEVE = 6081;
    /** The first byte of VXLAN: its network identifier is valid, and nothing else is set. */
    private static final int VXLAN_FLAGS = 0x08;
    /** Where a Geneve header has the EtherType of what it carries, an Ethernet frame. */
    private static final int GENEVE_TYPE_OFFSET = 2;

    private static final int TYPE_ETHERNET = 0x6558;

    private final String text;
    private final Optional<String> remedy;

    OtherTraffic(String text) {
        this.text = text;
        this.remedy = Optional.empty();
    }

    OtherTraffic(String text, String remedy) {
        this.text = text;
        this.remedy = Optional.of(remedy);
    }

    /** The name for people. */
    public String text() {
        return text;
    }

    /** What can be done about it, if anything can or has to be said, in a few words. */
    public Optional<String> remedy() {
        return remedy;
    }

    /** What a packet is in which IPv4 was not found, by its {@link LinkLayer#etherType}. */
    public static OtherTraffic ofEtherType(int type) {
        if (type != LinkLayer.TYPE_UNKNOWN && type < MIN_ETHER_TYPE) {
            return LLC;
        }
        return switch (type) {
            case LinkLayer.TYPE_IPV6 -> IPV6;
            case TYPE_ARP -> ARP;
            case TYPE_MPLS, TYPE_MPLS_UPSTREAM -> MPLS;
            case TYPE_PPPOE_DISCOVERY, TYPE_PPPOE_SESSION -> PPPOE;
            default -> OTHER;
        };
    }

    /**
     * What an IPv4 packet is.
     *
     * @param header a view to use
     * @return null for TCP and UDP, unless it carries other packets
     */
    public static OtherTraffic ofIpv4(CapturedPacket packet, Ipv4Header header) {
        header.wrap(packet.buffer(), packet.offset());
        if (!header.isValid(packet.length())) {
            return OTHER;
        }
        if (header.isFragment()) {
            return FRAGMENT;
        }
        int offset = packet.offset() + header.headerLength();
        int length = packet.length() - header.headerLength();
        return switch (header.protocol()) {
            case Ipv4Header.PROTOCOL_TCP -> null;
            case Ipv4Header.PROTOCOL_UDP -> ofUdp(packet.buffer(), offset, length);
            case PROTOCOL_GRE -> ofGre(packet.buffer(), offset, length);
            case PROTOCOL_ICMP -> ICMP;
            case PROTOCOL_IGMP -> IGMP;
            case PROTOCOL_IPV4 -> IP_IN_IP;
            case PROTOCOL_IPV6 -> IPV6_IN_IPV4;
            case PROTOCOL_ESP -> ESP;
            case PROTOCOL_SCTP -> SCTP;
            default -> OTHER_IPV4;
        };
    }

    private static OtherTraffic ofGre(ByteBuffer buffer, int offset, int length) {
        int type = length < GRE_TYPE_OFFSET + Short.BYTES ? 0 : unsignedShort(buffer, offset + GRE_TYPE_OFFSET);
        return type == TYPE_ERSPAN_2 || type == TYPE_ERSPAN_3 ? ERSPAN : GRE;
    }

    private static OtherTraffic ofUdp(ByteBuffer buffer, int offset, int length) {
        if (length < UdpHeader.LENGTH + GENEVE_TYPE_OFFSET + Short.BYTES) {
            return null;
        }
        int carried = offset + UdpHeader.LENGTH;
        return switch (unsignedShort(buffer, offset + Short.BYTES)) {
            case PORT_VXLAN, PORT_VXLAN_LINUX -> buffer.get(carried) == VXLAN_FLAGS ? VXLAN : null;
            case PORT_GENEVE -> unsignedShort(buffer, carried + GENEVE_TYPE_OFFSET) == TYPE_ETHERNET ? GENEVE : null;
            default -> null;
        };
    }

    private static int unsignedShort(ByteBuffer buffer, int index) {
        return buffer.getShort(index) & 0xFFFF;
    }
}
