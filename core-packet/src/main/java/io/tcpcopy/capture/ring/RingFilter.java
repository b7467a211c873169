package io.tcpcopy.capture.ring;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.pcap.PcapFilter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The filter of a ring: one program for packets that come in, and another one for those that this host sends. */
final class RingFilter {
    /** Instructions of {@code linux/filter.h}. */
    private static final int INSTRUCTION_LENGTH = 8;

    private static final int LOAD_WORD = 0x20;
    private static final int JUMP = 0x05;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;

    /** Where the kernel keeps the type of a packet: {@code SKF_AD_OFF + SKF_AD_PKTTYPE}. */
    private static final int PACKET_TYPE_FIELD = -0x1000 + 4;
    /** {@code PACKET_OUTGOING} of {@code linux/if_packet.h}. */
    private static final int OUTGOING = 4;

    private RingFilter() {}

    /**
     * The instructions for a ring.
     *
     * @throws CaptureException with libpcap's message when it does not understand the filter
     */
    static byte[] compile(RingSettings settings) throws CaptureException {
        byte[] inbound = PcapFilter.compileForIp(settings.filter(), settings.snapshotLength());
        byte[] outbound = settings.outgoing().isEmpty()
                ? instruction(RETURN, 0)
                : PcapFilter.compileForIp(
                        "(" + settings.filter() + ") and (" + settings.outgoing() + ")", settings.snapshotLength());
        ByteBuffer program = ByteBuffer.allocate(3 * INSTRUCTION_LENGTH + inbound.length + outbound.length);
        program.put(instruction(LOAD_WORD, PACKET_TYPE_FIELD));
        // The next instruction is for what is outgoing; one is skipped for the rest.
        byte[] test = instruction(JUMP_IF_EQUAL, OUTGOING);
        test[3] = 1;
        program.put(test);
        program.put(instruction(JUMP, inbound.length / INSTRUCTION_LENGTH));
        return program.put(inbound).put(outbound).array();
    }

    private static byte[] instruction(int code, int operand) {
        return ByteBuffer.allocate(INSTRUCTION_LENGTH)
                .order(ByteOrder.nativeOrder())
                .putShort((short) code)
                .putShort((short) 0)
                .putInt(operand)
                .array();
    }
}
