package io.tcpcopy.net.netlink;

import io.tcpcopy.net.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A packet that waits in a queue of netfilter, as a message describes it ({@code linux/netfilter/nfnetlink_queue.h}).
 * It can be read until the next one is.
 */
public final class QueuedPacket {
    /** {@code NFNL_SUBSYS_QUEUE} and {@code NFQNL_MSG_PACKET}. */
    static final int MESSAGE_TYPE = PacketQueue.SUBSYSTEM << Byte.SIZE;

    /** {@code struct nfqnl_msg_packet_hdr}, of which the first four bytes are the packet's number. */
    static final int NFQA_PACKET_HDR = 1;

    static final int NFQA_PAYLOAD = 10;
    /** Length of the packet, where the payload is only a part of it. */
    static final int NFQA_CAP_LEN = 13;
    /** What the kernel knows besides: flags in network byte order. It is left out where none of them is set. */
    static final int NFQA_SKB_INFO = 14;
    /** The checksum is to be computed where the packet leaves the host. */
    static final int NFQA_SKB_CSUMNOTREADY = 1;

    private final ByteBuffer received;
    private final ByteBuffer networkOrder;
    private final NetlinkMessages messages;
    private int family;
    private int id;
    private int offset;
    private int length;
    private int wireLength;
    private boolean checksumFilledIn;

    /**
     * A packet that {@link #read} fills.
     *
     * @param received the buffer that holds the messages, in native byte order
     */
    QueuedPacket(NetlinkMessages messages, ByteBuffer received) {
        this.messages = messages;
        this.received = received;
        this.networkOrder = received.duplicate().order(ByteOrder.BIG_ENDIAN);
    }

    /** Reads the current message; false when it does not bring a packet. */
    boolean read() {
        if (messages.type() != MESSAGE_TYPE || !messages.hasBody(PacketQueue.BODY_LENGTH)) {
            return false;
        }
        int header = messages.findValue(PacketQueue.BODY_LENGTH, NFQA_PACKET_HDR, Integer.BYTES);
        int payload = messages.findValue(PacketQueue.BODY_LENGTH, NFQA_PAYLOAD, 1);
        if (header < 0 || payload < 0) {
            return false;
        }
        int info = messages.findInt(PacketQueue.BODY_LENGTH, NFQA_SKB_INFO);
        int whole = messages.findInt(PacketQueue.BODY_LENGTH, NFQA_CAP_LEN);
        family = messages.bodyByte(0);
        id = NetlinkMessages.networkOrder(received.getInt(header));
        offset = payload;
        length = messages.valueLength(payload);
        wireLength = whole < 0 ? length : Math.max(length, NetlinkMessages.networkOrder(received.getInt(whole)));
        int flags = info < 0 ? 0 : NetlinkMessages.networkOrder(received.getInt(info));
        checksumFilledIn = (flags & NFQA_SKB_CSUMNOTREADY) == 0;
        return true;
    }

    /** Whether it is an IPv4 packet, as far as the kernel says. */
    public boolean isIpv4() {
        return family == Libc.AF_INET;
    }

    /** The buffer that holds it, in network byte order. */
    public ByteBuffer buffer() {
        return networkOrder;
    }

    /** Index of its first byte, that of the IP header. */
    public int offset() {
        return offset;
    }

    /** How many of its bytes are there, at least 1. */
    public int length() {
        return length;
    }

    /** How many bytes it has, at least {@link #length}. */
    public int wireLength() {
        return wireLength;
    }

    /** False when its TCP or UDP checksum is yet to be computed; otherwise it may be right or wrong. */
    public boolean isChecksumFilledIn() {
        return checksumFilledIn;
    }

    /** Its number in the queue. */
    int id() {
        return id;
    }
}
