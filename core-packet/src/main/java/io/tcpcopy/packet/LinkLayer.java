package io.tcpcopy.packet;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The link-layer headers that stand before IPv4 in captured packets, by libpcap's link types
 * (pcap-linktype(7)). A header is only read as far as is needed to find the IPv4 header, and to say which way it went.
 */
public enum LinkLayer {
    /** BSD loopback: the address family in 4 bytes of the capturing host's order. */
    NULL(0, 4) {
        @Override
        int ipv4Offset(ByteBuffer buffer, int offset, int end) {
            int family = buffer.getInt(offset);
            return family == AF_INET || Integer.reverseBytes(family) == AF_INET ? offset + headerLength() : NOT_IPV4;
        }
    },
    /** Ethernet, with any number of 802.1Q and 802.1ad tags. */
    ETHERNET(1, 14) {
        @Override
        int ipv4Offset(ByteBuffer buffer, int offset, int end) {
            return behindTags(buffer, offset + ETHERNET_TYPE_OFFSET, end);
        }
    },
    /** OpenBSD loopback: as {@link #NULL}, in network byte order. */
    LOOP(108, 4) {
        @Override
        int ipv4Offset(ByteBuffer buffer, int offset, int end) {
            return NULL.ipv4Offset(buffer, offset, end);
        }
    },
    /** Raw IP: no header. */
    RAW(12, 0) {
        @Override
        int ipv4Offset(ByteBuffer buffer, int offset, int end) {
            return ofVersion4(buffer, offset, end);
        }
    },
    /** Raw IP under the number that capture files use. */
    RAW_FILE(101, 0) {
        @Override
        int ipv4Offset(ByteBuffer buffer, int offset, int end) {
            return ofVersion4(buffer, offset, end);
        }
    },
    /** Raw IPv4: no header. */
    IPV4(228, 0) {
        @Override
        int ipv4Offset(ByteBuffer buffer, int offset, int end) {
            return ofVersion4(buffer, offset, end);
        }
    },
    /** Cisco's HDLC, of serial lines. */
    C_HDLC(104, 4) {
        @Override
        int ipv4Offset(ByteBuffer buffer, int offset, int end) {
            int type = buffer.getShort(offset + C_HDLC_TYPE_OFFSET) & 0xFFFF;
            return type == TYPE_IPV4 ? offset + headerLength() : NOT_IPV4;
        }
    },
    /** Linux cooked capture, version 1: what the {@code any} device gives. */
    LINUX_SLL(113, 16) {
        @Override
        int ipv4Offset(ByteBuffer buffer, int offset, int end) {
            return behindTags(buffer, offset + SLL_PROTOCOL_OFFSET, end);
        }

        @Override
        public Direction direction(ByteBuffer buffer, int offset) {
            return ofPacketType(buffer.getShort(offset) & 0xFFFF);
        }
    },
    /** Linux cooked capture, version 2. */
    LINUX_SLL2(276, 20) {
        @Override
        int ipv4Offset(ByteBuffer buffer, int offset, int end) {
            int type = buffer.getShort(offset) & 0xFFFF;
            if (isTag(type)) {
                return behindTags(buffer, offset + headerLength() + VLAN_TYPE_OFFSET, end);
            }
            return type == TYPE_IPV4 ? offset + headerLength() : NOT_IPV4;
        }

        @Override
        public Direction direction(ByteBuffer buffer, int offset) {
            return ofPacketType(buffer.get(offset + SLL2_PACKET_TYPE_OFFSET) & 0xFF);
        }
    };

    /** What {@link #findIpv4} returns when the packet is not IPv4 or too short. */
    public static final int NOT_IPV4 = -1;
    /** What {@link #etherType} returns when the header does not say it, or is too short. */
    public static final int TYPE_UNKNOWN = -1;
    /** EtherType, by IANA's list. */
    public static final int TYPE_IPV6 = 0x86DD;

    /** IPv4 in the headers of loopback devices, on every system. */
    private static final int AF_INET = 2;
    /** IPv6 there, which differs (pcap-linktype(7)). */
    private static final int AF_INET6_LINUX = 10;

    private static final int AF_INET6_BSD = 24;
    private static final int AF_INET6_FREEBSD = 28;
    private static final int AF_INET6_DARWIN = 30;
    /** Where headers have the type of what follows: pcap-linktype(7). */
    private static final int ETHERNET_TYPE_OFFSET = 12;

    private static final int C_HDLC_TYPE_OFFSET = 2;
    private static final int SLL_PROTOCOL_OFFSET = 14;
    private static final int SLL2_PACKET_TYPE_OFFSET = 10;
    /**
     * The packet types of cooked capture, which are those of {@code linux/if_packet.h}. Somebody else has sent what has
     * one of the first four: to us, to all, to a group, to someone else.
     */
    private static final int PACKET_HOST = 0;

    private static final int PACKET_BROADCAST = 1;
    private static final int PACKET_MULTICAST = 2;
    private static final int PACKET_OTHERHOST = 3;
    private static final int PACKET_OUTGOING = 4;
    private static final int IP_VERSION_4 = 4;
    private static final int IP_VERSION_6 = 6;
    /** A VLAN tag behind its EtherType: two bytes, then the type of what follows (IEEE 802.1Q). */
    private static final int VLAN_TYPE_OFFSET = 2;

    private static final int VLAN_LENGTH = 4;
    /** The EtherType of IPv4, by IANA's list. */
    public static final int TYPE_IPV4 = 0x0800;
    /** Tags of 802.1Q and of 802.1ad. */
    private static final int TYPE_VLAN = 0x8100;

    private static final int TYPE_PROVIDER_VLAN = 0x88A8;

    private final int linkType;
    private final int headerLength;

    LinkLayer(int linkType, int headerLength) {
        this.linkType = linkType;
        this.headerLength = headerLength;
    }

    /** The link layer of a libpcap link type number; empty for one that is not supported. */
    public static Optional<LinkLayer> of(int linkType) {
        for (LinkLayer layer : values()) {
            if (layer.linkType == linkType) {
                return Optional.of(layer);
            }
        }
        return Optional.empty();
    }

    /** Length of the header in bytes, VLAN tags not counted. */
    public int headerLength() {
        return headerLength;
    }

    /**
     * Finds the IPv4 header of a captured packet.
     *
     * @param offset index of the packet's first byte
     * @param length captured bytes
     * @return the index of the IPv4 header, less than {@code offset + length}; or {@link #NOT_IPV4}
     */
    public int findIpv4(ByteBuffer buffer, int offset, int length) {
        if (length < headerLength) {
            return NOT_IPV4;
        }
        int found = ipv4Offset(buffer, offset, offset + length);
        return found < offset + length ? found : NOT_IPV4;
    }

    /**
     * The EtherType of what stands behind the header and its VLAN tags, or what it would be; {@link #TYPE_UNKNOWN} if nothing
     * says it.
     *
     * @param offset index of the packet's first byte
     * @param length captured bytes
     */
    public int etherType(ByteBuffer buffer, int offset, int length) {
        if (length == 0 || length < headerLength) {
            return TYPE_UNKNOWN;
        }
        int end = offset + length;
        return switch (this) {
            case NULL, LOOP -> ofFamily(buffer.getInt(offset));
            case RAW, RAW_FILE, IPV4 -> ofVersion((buffer.get(offset) & 0xFF) >>> 4);
            case ETHERNET -> typeAt(buffer, behindTagTypes(buffer, offset + ETHERNET_TYPE_OFFSET, end), end);
            case C_HDLC -> typeAt(buffer, offset + C_HDLC_TYPE_OFFSET, end);
            case LINUX_SLL -> typeAt(buffer, behindTagTypes(buffer, offset + SLL_PROTOCOL_OFFSET, end), end);
            case LINUX_SLL2 -> {
                int type = typeAt(buffer, offset, end);
                yield isTag(type)
                        ? typeAt(buffer, behindTagTypes(buffer, offset + headerLength + VLAN_TYPE_OFFSET, end), end)
                        : type;
            }
        };
    }

    /** In either byte order, of which the right one makes a small number. */
    private static int ofFamily(int written) {
        int family = (written & 0xFFFF) == 0 ? Integer.reverseBytes(written) : written;
        return switch (family) {
            case AF_INET -> TYPE_IPV4;
            case AF_INET6_LINUX, AF_INET6_BSD, AF_INET6_FREEBSD, AF_INET6_DARWIN -> TYPE_IPV6;
            default -> TYPE_UNKNOWN;
        };
    }

    private static int ofVersion(int version) {
        return switch (version) {
            case IP_VERSION_4 -> TYPE_IPV4;
            case IP_VERSION_6 -> TYPE_IPV6;
            default -> TYPE_UNKNOWN;
        };
    }

    private static int typeAt(ByteBuffer buffer, int index, int end) {
        return index + Short.BYTES <= end ? buffer.getShort(index) & 0xFFFF : TYPE_UNKNOWN;
    }

    private static boolean isTag(int type) {
        return type == TYPE_VLAN || type == TYPE_PROVIDER_VLAN;
    }

    /**
     * Which way a packet went, where the header says so, as in a cooked capture.
     *
     * @param offset index of the packet's first byte, in which {@link #findIpv4} has found IPv4
     */
    public Direction direction(ByteBuffer buffer, int offset) {
        return Direction.UNKNOWN;
    }

    private static Direction ofPacketType(int type) {
        return switch (type) {
            case PACKET_HOST, PACKET_BROADCAST, PACKET_MULTICAST, PACKET_OTHERHOST -> Direction.INBOUND;
            case PACKET_OUTGOING -> Direction.OUTBOUND;
            default -> Direction.UNKNOWN;
        };
    }

    /** As {@link #findIpv4}, with {@link #headerLength} bytes known to be there. */
    abstract int ipv4Offset(ByteBuffer buffer, int offset, int end);

    /** Packets without a link-layer header have their IP version in the first four bits. */
    private static int ofVersion4(ByteBuffer buffer, int offset, int end) {
        return offset < end && (buffer.get(offset) & 0xFF) >>> 4 == IP_VERSION_4 ? offset : NOT_IPV4;
    }

    /** Follows VLAN tags from an EtherType field to IPv4. */
    private static int behindTags(ByteBuffer buffer, int typeOffset, int end) {
        int index = behindTagTypes(buffer, typeOffset, end);
        return typeAt(buffer, index, end) == TYPE_IPV4 ? index + Short.BYTES : NOT_IPV4;
    }

    /** Follows VLAN tags from an EtherType field to the one that says no tag, or beyond the end. */
    private static int behindTagTypes(ByteBuffer buffer, int typeOffset, int end) {
        int index = typeOffset;
        while (isTag(typeAt(buffer, index, end))) {
            index += VLAN_LENGTH;
        }
        return index;
    }
}
