package io.tcpcopy.net;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The kernel's socket address structures, as bytes. */
public final class SocketAddress {
    /** Size of {@code struct sockaddr_in} (ip(7)) in bytes. */
    public static final int IPV4_LENGTH = 16;

    private static final int IPV4_FAMILY_OFFSET = 0;
    private static final int IPV4_PORT_OFFSET = 2;
    private static final int IPV4_ADDRESS_OFFSET = 4;
    /** The family alone is in the machine's byte order; this is how it reads in network order. */
    private static final short IPV4_FAMILY = nativeOrder((short) Libc.AF_INET);

    /** {@code struct sockaddr_nl} (netlink(7)): in the machine's byte order. */
    private static final int NETLINK_LENGTH = 12;

    private static final int NETLINK_FAMILY_OFFSET = 0;
    private static final int NETLINK_GROUPS_OFFSET = 8;

    /** Size of {@code struct sockaddr_ll} (packet(7)) in bytes: in the machine's byte order, but for the protocol. */
    public static final int PACKET_LENGTH = 20;

    /** Where {@code sockaddr_ll} has the index of the device. */
    public static final int PACKET_INTERFACE_OFFSET = 4;

    private static final int PACKET_PROTOCOL_OFFSET = 2;
    /** {@code ETH_P_ALL} of {@code linux/if_ether.h}, in network byte order: every packet, those that are sent included. */
    private static final short EVERY_PROTOCOL = nativeOrder((short) 3);

    /** {@code sun_path} of {@code struct sockaddr_un} (unix(7)), which begins behind the family. */
    private static final int UNIX_PATH_OFFSET = 2;

    private static final int UNIX_PATH_LENGTH = 108;

    private SocketAddress() {}

    /** A {@code struct sockaddr_in}. */
    public static byte[] ipv4(Endpoint endpoint) {
        ByteBuffer structure = ByteBuffer.allocate(IPV4_LENGTH);
        putIpv4(structure, 0, endpoint.address().bits(), endpoint.port());
        return structure.array();
    }

    /**
     * Writes a {@code struct sockaddr_in} into zeroed bytes.
     *
     * @param buffer in network byte order
     */
    public static void putIpv4(ByteBuffer buffer, int offset, int address, int port) {
        buffer.putShort(offset + IPV4_FAMILY_OFFSET, IPV4_FAMILY);
        buffer.putShort(offset + IPV4_PORT_OFFSET, (short) port);
        buffer.putInt(offset + IPV4_ADDRESS_OFFSET, address);
    }

    /**
     * A {@code struct sockaddr_nl} with a port that the kernel chooses.
     *
     * @param groups the bits of the multicast groups to join
     */
    public static byte[] netlink(int groups) {
        ByteBuffer structure = ByteBuffer.allocate(NETLINK_LENGTH).order(ByteOrder.nativeOrder());
        structure.putShort(NETLINK_FAMILY_OFFSET, (short) Libc.AF_NETLINK);
        structure.putInt(NETLINK_GROUPS_OFFSET, groups);
        return structure.array();
    }

    /**
     * A {@code struct sockaddr_ll} that stands for every packet of a device.
     *
     * @param interfaceIndex 0 for every device
     */
    public static byte[] everyPacket(int interfaceIndex) {
        return ByteBuffer.allocate(PACKET_LENGTH)
                .order(ByteOrder.nativeOrder())
                .putShort((short) Libc.AF_PACKET)
                .putShort(PACKET_PROTOCOL_OFFSET, EVERY_PROTOCOL)
                .putInt(PACKET_INTERFACE_OFFSET, interfaceIndex)
                .array();
    }

    /**
     * Writes a {@code struct sockaddr_ll} into zeroed bytes: of a device, and what kind of packet leaves there.
     *
     * @param buffer in network byte order
     * @param etherType as in an Ethernet header
     */
    public static void putDevice(ByteBuffer buffer, int offset, int interfaceIndex, int etherType) {
        buffer.putShort(offset, nativeOrder((short) Libc.AF_PACKET));
        buffer.putShort(offset + PACKET_PROTOCOL_OFFSET, (short) etherType);
        buffer.putInt(offset + PACKET_INTERFACE_OFFSET, nativeOrder(interfaceIndex));
    }

    /**
     * A {@code struct sockaddr_un}: of a path, or of an abstract name, whose leading {@code @} becomes a zero byte.
     *
     * @return empty when the path is longer than 107 bytes, or there is none
     */
    public static Optional<byte[]> unix(String path) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length >= UNIX_PATH_LENGTH) {
            return Optional.empty();
        }
        if (name[0] == '@') {
            name[0] = 0;
        }
        ByteBuffer structure =
                ByteBuffer.allocate(UNIX_PATH_OFFSET + name.length).order(ByteOrder.nativeOrder());
        structure.putShort((short) Libc.AF_UNIX).put(name);
        return Optional.of(structure.array());
    }

    /** An address as the JDK has it. */
    public static InetAddress inet(Address address) {
        return inet(ByteBuffer.allocate(Integer.BYTES).putInt(address.bits()).array())
                .orElseThrow();
    }

    /** An IPv4 or IPv6 address as the JDK has it, from its bytes in network order; empty for another number of bytes. */
    public static Optional<InetAddress> inet(byte[] address) {
        try {
            return Optional.of(InetAddress.getByAddress(address));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** A value that reads in the machine's order when it is written in network order. */
    private static short nativeOrder(short value) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Short.reverseBytes(value);
    }

    private static int nativeOrder(int value) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }

    static Endpoint readIpv4(byte[] structure) {
        ByteBuffer bytes = ByteBuffer.wrap(structure);
        int port = Short.toUnsignedInt(bytes.getShort(IPV4_PORT_OFFSET));
        return Endpoint.ipv4(bytes.getInt(IPV4_ADDRESS_OFFSET), port);
    }
}
