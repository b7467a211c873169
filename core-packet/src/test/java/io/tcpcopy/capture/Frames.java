package io.tcpcopy.capture;

import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import java.nio.ByteBuffer;

/** Ethernet frames to capture. */
public final class Frames {
    private static final int TYPE_ARP = 0x0806;
    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_VLAN = 0x8100;
    private static final int ETHERNET_LENGTH = 14;
    private static final int IPV4_LENGTH = 20;
    private static final byte PROTOCOL_UDP = 17;

    private Frames() {}

    /** A broadcast frame with a UDP packet to 10.0.0.2 that is {@code ipv4Length} bytes long and has this id. */
    public static byte[] ipv4(int id, int ipv4Length) {
        ByteBuffer frame = header(ETHERNET_LENGTH + ipv4Length);
        frame.putShort((short) TYPE_IPV4);
        putIpv4(frame, PROTOCOL_UDP, id, ipv4Length);
        return frame.array();
    }

    /** A broadcast frame with a TCP packet to 10.0.0.2, to the port 0, that a host accepts. */
    public static byte[] tcp(int id, int ipv4Length) {
        return accepted(Ipv4Header.PROTOCOL_TCP, id, ipv4Length);
    }

    /** The same with a UDP packet. */
    public static byte[] udp(int id, int ipv4Length) {
        return accepted(Ipv4Header.PROTOCOL_UDP, id, ipv4Length);
    }

    private static byte[] accepted(int protocol, int id, int ipv4Length) {
        ByteBuffer frame = header(ETHERNET_LENGTH + ipv4Length);
        frame.putShort((short) TYPE_IPV4);
        putIpv4(frame, (byte) protocol, id, ipv4Length);
        Ipv4Header ip = new Ipv4Header().wrap(frame, ETHERNET_LENGTH);
        ip.checksum(Checksum.ipv4(frame, ETHERNET_LENGTH, IPV4_LENGTH));
        return frame.array();
    }

    /** As {@link #ipv4}, in VLAN 5. */
    public static byte[] taggedIpv4(int id, int ipv4Length) {
        ByteBuffer frame = header(ETHERNET_LENGTH + Integer.BYTES + ipv4Length);
        frame.putShort((short) TYPE_VLAN).putShort((short) 5).putShort((short) TYPE_IPV4);
        putIpv4(frame, PROTOCOL_UDP, id, ipv4Length);
        return frame.array();
    }

    /** A frame that is not IPv4. */
    public static byte[] arp() {
        ByteBuffer frame = header(ETHERNET_LENGTH + 28);
        frame.putShort((short) TYPE_ARP);
        return frame.array();
    }

    private static ByteBuffer header(int length) {
        ByteBuffer frame = ByteBuffer.allocate(length);
        for (int i = 0; i < 6; i++) {
            frame.put((byte) 0xFF);
        }
        return frame.put(new byte[] {2, 0, 0, 0, 0, 9});
    }

    private static void putIpv4(ByteBuffer frame, byte protocol, int id, int length) {
        frame.put((byte) 0x45).put((byte) 0).putShort((short) length).putShort((short) id);
        frame.putShort((short) 0).put((byte) 64).put(protocol).putShort((short) 0);
        frame.putInt(0x0A000001).putInt(0x0A000002);
        frame.position(frame.position() + length - IPV4_LENGTH);
    }
}
