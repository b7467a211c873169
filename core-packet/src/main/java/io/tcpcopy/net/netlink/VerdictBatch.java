package io.tcpcopy.net.netlink;

import io.tcpcopy.net.NativeMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Verdicts on the packets of a queue, as messages of one datagram. A message is about all packets up to a number that
 * have no verdict yet ({@code NFQNL_MSG_VERDICT_BATCH}), so successive packets with the same verdict share one.
 */
final class VerdictBatch {
    /** Most messages; a turn of the event loop reads no more packets than this. */
    static final int CAPACITY = 256;

    /** {@code NFNL_SUBSYS_QUEUE} and {@code NFQNL_MSG_VERDICT_BATCH}. */
    private static final int MESSAGE_TYPE = PacketQueue.SUBSYSTEM << Byte.SIZE | 3;
    /** {@code struct nfqnl_msg_verdict_hdr}: the verdict and the packet's number, in network byte order. */
    private static final short NFQA_VERDICT_HDR = 2;

    /** Verdicts of {@code linux/netfilter.h}. */
    private static final int NF_DROP = 0;

    private static final int NF_ACCEPT = 1;

    private static final int ATTRIBUTE_OFFSET = NetlinkMessages.HEADER_LENGTH + PacketQueue.BODY_LENGTH;
    private static final int ATTRIBUTE_LENGTH = NetlinkMessages.ATTRIBUTE_HEADER_LENGTH + 2 * Integer.BYTES;
    private static final int VERDICT_OFFSET = ATTRIBUTE_OFFSET + NetlinkMessages.ATTRIBUTE_HEADER_LENGTH;
    private static final int ID_OFFSET = VERDICT_OFFSET + Integer.BYTES;
    private static final int MESSAGE_LENGTH = ATTRIBUTE_OFFSET + ATTRIBUTE_LENGTH;

    private final NativeMemory memory = NativeMemory.allocate(CAPACITY * MESSAGE_LENGTH, ByteOrder.nativeOrder());
    private int length;
    private boolean lastAccepts;

    /** Whether there may be no room for another verdict. */
    boolean isFull() {
        return length == memory.size();
    }

    /** Adds the verdict on the packet behind those that have one: whether it is accepted, or dropped. */
    void add(int id, boolean accept) {
        ByteBuffer buffer = memory.buffer();
        if (length == 0 || accept != lastAccepts) {
            buffer.putInt(length + NetlinkMessages.LENGTH_OFFSET, MESSAGE_LENGTH)
                    .putShort(length + NetlinkMessages.TYPE_OFFSET, (short) MESSAGE_TYPE)
                    .putShort(length + NetlinkMessages.FLAGS_OFFSET, (short) NetlinkSocket.NLM_F_REQUEST)
                    .putShort(length + ATTRIBUTE_OFFSET, (short) ATTRIBUTE_LENGTH)
                    .putShort(length + ATTRIBUTE_OFFSET + NetlinkMessages.ATTRIBUTE_TYPE_OFFSET, NFQA_VERDICT_HDR)
                    .putInt(length + VERDICT_OFFSET, NetlinkMessages.networkOrder(accept ? NF_ACCEPT : NF_DROP));
            length += MESSAGE_LENGTH;
            lastAccepts = accept;
        }
        buffer.putInt(length - MESSAGE_LENGTH + ID_OFFSET, NetlinkMessages.networkOrder(id));
    }

    /** Bytes of all messages, for {@link #address}. */
    int length() {
        return length;
    }

    /** Where the messages begin, for the kernel. */
    long address() {
        return memory.address(0, length);
    }

    /** The messages, from index 0 on. */
    ByteBuffer buffer() {
        return memory.buffer();
    }

    /** Removes all verdicts. */
    void clear() {
        length = 0;
    }
}
