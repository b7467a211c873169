package io.tcpcopy.net.netlink;

import java.util.OptionalLong;
import java.util.Set;

/**
 * A network device.
 *
 * @param interfaceIndex another one than that of a former device of its name
 * @param name of the device
 * @param type one of the {@code ARPHRD_} numbers of {@code linux/if_arp.h}
 * @param kind by which driver it is, as {@code ip -details link} says; empty for most hardware
 * @param flags the {@code IFF_} flags of {@code linux/if.h}
 * @param mtu the longest packet, in bytes
 * @param address its Ethernet address, as a 48-bit value; empty where it has none
 */
public record Link(int interfaceIndex, String name, int type, String kind, int flags, int mtu, OptionalLong address) {
    private static final int IFF_UP = 0x1;
    private static final int IFF_LOOPBACK = 0x8;
    private static final int IFF_POINTOPOINT = 0x10;
    private static final int IFF_NOARP = 0x80;
    private static final int IFF_LOWER_UP = 0x10000;

    private static final int ARPHRD_ETHER = 1;
    private static final int ARPHRD_LOOPBACK = 772;
    private static final int ARPHRD_NONE = 0xFFFE;
    /** Those whose other end gets packets as they are. Others without a link layer wrap them, or want to be told where they go. */
    private static final Set<String> PLAIN_KINDS = Set.of("tun", "wireguard");
    /**
     * {@code ARPHRD_} numbers of what carries no IP packets, or those of others in frames that nobody here reads: CAN, radio
     * (IEEE 802.11 in monitor mode, 802.15.4), netlink's and vsock's monitors.
     */
    private static final Set<Integer> FOREIGN_TYPES = Set.of(280, 801, 802, 803, 804, 805, 824, 826);

    /** Whether the device is up. */
    public boolean isUp() {
        return (flags & IFF_UP) != 0;
    }

    /** Whether its link works: a cable is in, and the other end is up. */
    public boolean hasCarrier() {
        return (flags & IFF_LOWER_UP) != 0;
    }

    /** Whether what it carries can be packets of IP. */
    public boolean carriesIp() {
        return !FOREIGN_TYPES.contains(type);
    }

    /** Whether frames on it begin with an Ethernet header, and what they are sent to is looked at. */
    public boolean isEthernet() {
        return type == ARPHRD_ETHER || type == ARPHRD_LOOPBACK;
    }

    /** Whether the addresses of other hosts on its link are found by asking for them. */
    public boolean resolvesAddresses() {
        return (flags & (IFF_LOOPBACK | IFF_POINTOPOINT | IFF_NOARP)) == 0;
    }

    /** Whether it has no link layer, and packets are all that it takes: it is a tun device, or one of WireGuard. */
    public boolean takesPlainPackets() {
        return type == ARPHRD_NONE && PLAIN_KINDS.contains(kind);
    }
}
