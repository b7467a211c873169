package io.tcpcopy.net.netlink;

import java.util.OptionalLong;

/**
 * A network device.
 *
 * @param interfaceIndex another one than that of a former device of its name
 * @param name of the device
 * @param type one of the {@code ARPHRD_} numbers of {@code linux/if_arp.h}
 * @param flags the {@code IFF_} flags of {@code linux/if.h}
 * @param mtu the longest packet, in bytes
 * @param address its Ethernet address, as a 48-bit value; empty where it has none
 */
public record Link(int interfaceIndex, String name, int type, int flags, int mtu, OptionalLong address) {
    private static final int IFF_UP = 0x1;
    private static final int IFF_LOOPBACK = 0x8;
    private static final int IFF_POINTOPOINT = 0x10;
    private static final int IFF_NOARP = 0x80;

    private static final int ARPHRD_ETHER = 1;
    private static final int ARPHRD_LOOPBACK = 772;
    private static final int ARPHRD_NONE = 0xFFFE;

    /** Whether the device is up. */
    public boolean isUp() {
        return (flags & IFF_UP) != 0;
    }

    /** Whether frames on it begin with an Ethernet header, and what they are sent to is looked at. */
    public boolean isEthernet() {
        return type == ARPHRD_ETHER || type == ARPHRD_LOOPBACK;
    }

    /** Whether the addresses of other hosts on its link are found by asking for them. */
    public boolean resolvesAddresses() {
        return (flags & (IFF_LOOPBACK | IFF_POINTOPOINT | IFF_NOARP)) == 0;
    }

    /** Whether it has no link layer: packets leave as they are, as on tun devices and with WireGuard. */
    public boolean isWithoutLinkLayer() {
        return type == ARPHRD_NONE;
    }
}
