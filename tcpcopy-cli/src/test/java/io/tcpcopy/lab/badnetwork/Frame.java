package io.tcpcopy.lab.badnetwork;

import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * Room for an Ethernet frame with an IPv4 packet, behind the {@code struct virtio_net_hdr} ({@code linux/virtio_net.h}) in
 * which a packet socket says what has not been done to it yet: a checksum that is not filled in, a segment of up to
 * 64 KB that is still to be cut. Handed on with it, the frame stays what it is.
 */
final class Frame {

    private static final int VIRTIO_LENGTH = 10;
    private static final int ETHERNET_OFFSET = VIRTIO_LENGTH;
    private static final int IP_OFFSET = ETHERNET_OFFSET + 14;
    /** The longest one, in bytes. */
    static final int MAX_LENGTH = IP_OFFSET + Ipv4Header.MAX_TOTAL_LENGTH;

    /** Of {@code struct virtio_net_hdr}, whose fields are in the machine's byte order. */
    private static final int FLAGS_OFFSET = 0;

    private static final int GSO_TYPE_OFFSET = 1;
    private static final int GSO_SIZE_OFFSET = 4;
    private static final int CHECKSUM_START_OFFSET = 6;
    private static final int CHECKSUM_FIELD_OFFSET = 8;

    private static final int NEEDS_CHECKSUM = 1;
    private static final int GSO_NONE = 0;
    private static final int GSO_TCP_IPV4 = 1;
    private static final int GSO_ECN = 0x80;

    /** What stands for a UDP checksum that comes out as 0, which would mean that there is none (RFC 768). */
    private static final int ZERO_CHECKSUM = 0xFFFF;

    private final NativeMemory memory = NativeMemory.allocate(MAX_LENGTH, ByteOrder.BIG_ENDIAN);
    private final ByteBuffer bytes = memory.buffer();
    private final ByteBuffer virtio = bytes.duplicate().order(ByteOrder.nativeOrder());
    private final Ipv4Header ip = new Ipv4Header().wrap(bytes, IP_OFFSET);
    private final TcpHeader tcp = new TcpHeader();
    private int length;

    /** The room, for who fills it; the frame begins at 0, with the virtio header. */
    NativeMemory memory() {
        return memory;
    }

    /** How many bytes of the room are the frame. */
    int length() {
        return length;
    }

    /** Its bytes, for {@link #set}. */
    byte[] copy() {
        byte[] copy = new byte[length];
        bytes.get(0, copy);
        return copy;
    }

    /** Makes it the one that was copied. */
    void set(byte[] copy) {
        bytes.put(0, copy);
        length = copy.length;
    }

    /** Says so when it was filled. */
    void length(int bytesOfFrame) {
        length = bytesOfFrame;
    }

    /** Whether it is several segments of TCP in one, which a device is to cut. */
    boolean isMergedTcp() {
        return (virtio.get(GSO_TYPE_OFFSET) & ~GSO_ECN) == GSO_TCP_IPV4;
    }

    /** Whether it is one packet as it would be on a wire, but for its checksum. */
    boolean isWhole() {
        return virtio.get(GSO_TYPE_OFFSET) == GSO_NONE;
    }

    /** Fills the checksum in, if that was left to a device, as that would; only where {@link #isWhole}. */
    void fillInChecksum() {
        if ((virtio.get(FLAGS_OFFSET) & NEEDS_CHECKSUM) != 0) {
            int start = ETHERNET_OFFSET + virtio.getShort(CHECKSUM_START_OFFSET);
            // In its place stands the sum of the pseudo header.
            int checksum = Checksum.finish(Checksum.add(0, bytes, start, length - start));
            int field = start + virtio.getShort(CHECKSUM_FIELD_OFFSET);
            bytes.putShort(field, (short) (checksum == 0 ? ZERO_CHECKSUM : checksum));
        }
        leaveNothingToDevices();
    }

    /**
     * Turns a bit of the IP packet's payload, headers of TCP included; only where {@link #isWhole}. The checksum is filled
     * in before, and nothing is left that says it was right, so whoever receives the packet throws it away.
     */
    void turnBit(SplittableRandom random) {
        fillInChecksum();
        int payload = IP_OFFSET + ip.headerLength();
        int bit = random.nextInt((IP_OFFSET + ip.totalLength() - payload) * Byte.SIZE);
        int index = payload + bit / Byte.SIZE;
        bytes.put(index, (byte) (bytes.get(index) ^ 1 << bit % Byte.SIZE));
    }

    private void leaveNothingToDevices() {
        for (int i = 0; i < VIRTIO_LENGTH; i++) {
            bytes.put(i, (byte) 0);
        }
    }

    /** How many segments it is; only where {@link #isMergedTcp}. */
    int segments() {
        return (payloadLength() + segmentSize() - 1) / segmentSize();
    }

    private int segmentSize() {
        return Short.toUnsignedInt(virtio.getShort(GSO_SIZE_OFFSET));
    }

    private int payloadOffset() {
        tcp.wrap(bytes, IP_OFFSET + ip.headerLength());
        return tcp.offset() + tcp.headerLength();
    }

    private int payloadLength() {
        return IP_OFFSET + ip.totalLength() - payloadOffset();
    }

    /**
     * Becomes one of the segments that a device would cut a merged one into (as {@code tcp_gso_segment} of the kernel
     * does): whole, and with its checksums.
     *
     * @param merged is {@link #isMergedTcp}
     * @param number 0 for the first
     */
    void segmentOf(Frame merged, int number) {
        int headers = merged.payloadOffset();
        int from = number * merged.segmentSize();
        int payload = Math.min(merged.segmentSize(), merged.payloadLength() - from);
        bytes.put(0, merged.bytes, 0, headers).put(headers, merged.bytes, headers + from, payload);
        length = headers + payload;
        leaveNothingToDevices();

        ip.totalLength(length - IP_OFFSET).id(ip.id() + number);
        ip.checksum(Checksum.ipv4(bytes, IP_OFFSET, ip.headerLength()));
        tcp.wrap(bytes, IP_OFFSET + ip.headerLength());
        int ofTheFirst = number == 0 ? 0 : TcpHeader.CWR;
        int ofTheLast = number == merged.segments() - 1 ? 0 : TcpHeader.FIN | TcpHeader.PSH;
        tcp.seq(tcp.seq() + from).flags(tcp.flags() & ~(ofTheFirst | ofTheLast));
        tcp.checksum(Checksum.tcp(bytes, ip.source(), ip.destination(), tcp.offset(), length - tcp.offset()));
    }
}
