package io.tcpcopy.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/** A filter that {@link PacketFilter} has compiled, tried on packets that somebody makes, as libpcap does with those of a file. */
public final class FilterTrial {
    /** The longest packet that can be tried. */
    public static final int LONGEST_PACKET = 1600;

    /** {@code struct bpf_insn} of pcap/bpf.h: the code, two jumps, the operand. */
    private static final int INSTRUCTION_LENGTH = 8;

    private static final int OPERAND_OFFSET = 4;
    /** The class of an instruction, and that of jumps. */
    private static final int CLASS_MASK = 0x07;

    private static final int JUMP = 0x05;

    /** {@code struct bpf_program}: the number of instructions, and where they are. */
    private static final int PROGRAM_LENGTH = 16;

    private static final int INSTRUCTIONS_OFFSET = 8;

    /** {@code struct pcap_pkthdr}: the time, how much was captured of a packet, and how long it was. */
    private static final int HEADER_LENGTH = 24;

    private static final int CAPTURED_OFFSET = 16;
    private static final int LENGTH_OFFSET = 20;

    private final NativeMemory instructions;
    private final NativeMemory program = NativeMemory.allocate(PROGRAM_LENGTH, ByteOrder.nativeOrder());
    private final NativeMemory header = NativeMemory.allocate(HEADER_LENGTH, ByteOrder.nativeOrder());
    private final NativeMemory packet = NativeMemory.allocate(LONGEST_PACKET, ByteOrder.BIG_ENDIAN);

    /** For these instructions of a filter. */
    public FilterTrial(byte[] compiled) {
        instructions = NativeMemory.allocate(compiled.length, ByteOrder.nativeOrder());
        instructions.buffer().put(0, compiled);
        program.buffer()
                .putInt(0, compiled.length / INSTRUCTION_LENGTH)
                .putLong(INSTRUCTIONS_OFFSET, instructions.address(0, compiled.length));
    }

    /** Where the packet is written, in network byte order. */
    public ByteBuffer packet() {
        return packet.buffer();
    }

    /**
     * Whether the filter takes the packet that was written.
     *
     * @param length of it in bytes, at most {@link #LONGEST_PACKET}
     */
    public boolean takes(int length) {
        header.buffer().putInt(CAPTURED_OFFSET, length).putInt(LENGTH_OFFSET, length);
        return PacketFilter.CALLS.pcap_offline_filter(
                        program.address(0, PROGRAM_LENGTH), header.address(0, HEADER_LENGTH), packet.address(0, length))
                != 0;
    }

    /** The numbers that the filter compares with: addresses and ports that its words name, those behind names included, and others. */
    public IntStream comparedNumbers() {
        ByteBuffer code = instructions.buffer();
        return IntStream.range(0, code.capacity() / INSTRUCTION_LENGTH)
                .map(i -> i * INSTRUCTION_LENGTH)
                .filter(i -> (code.getShort(i) & CLASS_MASK) == JUMP)
                .map(i -> code.getInt(i + OPERAND_OFFSET))
                .distinct();
    }
}
