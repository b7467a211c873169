package io.tcpcopy.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A filter for {@link Libc#attachFilter}, written instruction by instruction (classic BPF, {@code linux/filter.h}): for what
 * libpcap's language cannot say of a socket.
 */
public final class FilterProgram {
    /** {@code PACKET_OUTGOING} of {@code linux/if_packet.h}: a packet type. */
    public static final int OUTGOING = 4;

    /** {@code BPF_MAXINSNS}: the kernel takes no more instructions. */
    private static final int MAX_INSTRUCTIONS = 4096;

    /** Room for two of the longest programs, and some: what is too long is for the kernel to refuse. */
    private static final int ROOM = 3 * MAX_INSTRUCTIONS;

    private static final int INSTRUCTION_LENGTH = 8;
    private static final int OPERAND_OFFSET = 4;

    private static final int LOAD_WORD = 0x20;
    private static final int LOAD_HALF = 0x28;
    private static final int LOAD_BYTE = 0x30;
    private static final int LOAD_WORD_AT_INDEX = 0x40;
    private static final int LOAD_HALF_AT_INDEX = 0x48;
    private static final int LOAD_BYTE_AT_INDEX = 0x50;
    private static final int LOAD_INDEX_WITH_HEADER_LENGTH = 0xB1;
    private static final int AND = 0x54;
    private static final int JUMP = 0x05;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;

    /** Where the kernel keeps what it knows of a packet: {@code SKF_AD_OFF} and what is added to it. */
    private static final int PROTOCOL_FIELD = -0x1000;

    private static final int PACKET_TYPE_FIELD = -0x1000 + 4;

    /** {@code SKF_NET_OFF}: what is behind it are offsets from the network header on. */
    private static final int NETWORK_HEADER = -0x100000;

    private final ByteBuffer program =
            ByteBuffer.allocate(ROOM * INSTRUCTION_LENGTH).order(ByteOrder.nativeOrder());

    /** An empty program. */
    public FilterProgram() {}

    /** Loads the type of the packet, such as {@link #OUTGOING}. */
    public FilterProgram loadPacketType() {
        return put(LOAD_HALF, PACKET_TYPE_FIELD);
    }

    /** Loads the EtherType of the packet. */
    public FilterProgram loadEtherType() {
        return put(LOAD_HALF, PROTOCOL_FIELD);
    }

    /** Loads a byte of the packet. */
    public FilterProgram loadByte(int offset) {
        return put(LOAD_BYTE, offset);
    }

    /** Loads 16 bits of the packet. */
    public FilterProgram loadHalf(int offset) {
        return put(LOAD_HALF, offset);
    }

    /** Loads 32 bits of the packet. */
    public FilterProgram loadWord(int offset) {
        return put(LOAD_WORD, offset);
    }

    /** Loads a byte of what is behind the IPv4 header with which the packet begins. */
    public FilterProgram loadByteBehindIpv4(int offset) {
        return put(LOAD_INDEX_WITH_HEADER_LENGTH, 0).put(LOAD_BYTE_AT_INDEX, offset);
    }

    /** Keeps some bits of what was loaded. */
    public FilterProgram and(int mask) {
        return put(AND, mask);
    }

    /** Drops the packet unless what was loaded is this. */
    public FilterProgram require(int value) {
        return jumpIfEqual(value, 1, 0).drop();
    }

    /** Skips so many instructions if what was loaded is this, and so many otherwise. */
    public FilterProgram jumpIfEqual(int value, int skippedIfEqual, int skippedOtherwise) {
        program.putShort((short) JUMP_IF_EQUAL)
                .put((byte) skippedIfEqual)
                .put((byte) skippedOtherwise)
                .putInt(value);
        return this;
    }

    /** Skips as many instructions as a program has. */
    public FilterProgram jumpOver(byte[] instructions) {
        return put(JUMP, instructions.length / INSTRUCTION_LENGTH);
    }

    /** Goes on with another program, which ends by itself. */
    public FilterProgram append(byte[] instructions) {
        program.put(instructions);
        return this;
    }

    /** Takes the beginning of the packet. */
    public FilterProgram take(int bytes) {
        return put(RETURN, bytes);
    }

    /** Drops the packet. */
    public FilterProgram drop() {
        return put(RETURN, 0);
    }

    /**
     * A program that finds packets behind a link header of any length which the given one finds at their beginning.
     *
     * @param instructions which load nothing but bytes of the packet
     */
    public static byte[] behindLinkHeader(byte[] instructions) {
        ByteBuffer moved = ByteBuffer.wrap(instructions.clone()).order(ByteOrder.nativeOrder());
        for (int i = 0; i < instructions.length; i += INSTRUCTION_LENGTH) {
            switch (moved.getShort(i)) {
                case LOAD_WORD,
                        LOAD_HALF,
                        LOAD_BYTE,
                        LOAD_WORD_AT_INDEX,
                        LOAD_HALF_AT_INDEX,
                        LOAD_BYTE_AT_INDEX,
                        LOAD_INDEX_WITH_HEADER_LENGTH ->
                    moved.putInt(i + OPERAND_OFFSET, moved.getInt(i + OPERAND_OFFSET) + NETWORK_HEADER);
                default -> {
                    // Nothing is loaded from the packet.
                }
            }
        }
        return moved.array();
    }

    /** The instructions. */
    public byte[] instructions() {
        return Arrays.copyOf(program.array(), program.position());
    }

    private FilterProgram put(int code, int operand) {
        program.putShort((short) code).putShort((short) 0).putInt(operand);
        return this;
    }
}
