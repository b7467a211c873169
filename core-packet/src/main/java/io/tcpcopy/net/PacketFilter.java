package io.tcpcopy.net;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Compiles filters as pcap-filter(7) describes them, through libpcap, which needs neither a device nor a privilege for it. A
 * {@link LinkageError} says that libpcap is missing.
 */
public final class PacketFilter {
    /** Link types of libpcap (pcap-linktype(7)): Ethernet. */
    public static final int ETHERNET = 1;
    /** Packets that begin with the IP header. */
    public static final int RAW_IP = 12;
    /** What comes of all devices together: Linux cooked capture. */
    public static final int LINUX_SLL = 113;

    /** {@code struct bpf_program} of pcap/bpf.h: how many instructions there are, and where they stand. */
    private static final int PROGRAM_LENGTH = 16;

    private static final int INSTRUCTIONS_OFFSET = 8;
    /** {@code struct bpf_insn}. */
    private static final int INSTRUCTION_LENGTH = 8;

    private static final int OPTIMIZE = 1;
    /** {@code PCAP_NETMASK_UNKNOWN}: nothing can be a broadcast address then. */
    private static final int NETMASK_UNKNOWN = 0xFFFFFFFF;

    static final LibpcapFunctions.Calls CALLS = LibpcapFunctions.load(LibpcapFunctions.NAMES);

    private PacketFilter() {}

    /** libpcap does not understand a filter; the message has its words. */
    public static final class NotUnderstoodException extends Exception {
        private static final long serialVersionUID = 1L;

        NotUnderstoodException(String message) {
            super(message);
        }
    }

    /** Which libpcap this is, in its own words: {@code libpcap version 1.10.3 (with TPACKET_V3)}. */
    public static String version() {
        return CALLS.pcap_lib_version();
    }

    /**
     * Compiles a filter.
     *
     * @param linkType how packets begin: one of the numbers above
     * @param snapshotLength how many bytes of a packet the program keeps
     * @return instructions for {@link Libc#attachFilter}
     */
    public static byte[] compile(String filter, int linkType, int snapshotLength) throws NotUnderstoodException {
        long handle = CALLS.pcap_open_dead(linkType, snapshotLength);
        try {
            byte[] program = new byte[PROGRAM_LENGTH];
            if (CALLS.pcap_compile(handle, program, filter, OPTIMIZE, NETMASK_UNKNOWN) < 0) {
                throw new NotUnderstoodException(CALLS.pcap_geterr(handle));
            }
            try {
                return instructions(ByteBuffer.wrap(program).order(ByteOrder.nativeOrder()));
            } finally {
                CALLS.pcap_freecode(program);
            }
        } finally {
            CALLS.pcap_close(handle);
        }
    }

    private static byte[] instructions(ByteBuffer program) {
        byte[] instructions = new byte[program.getInt(0) * INSTRUCTION_LENGTH];
        MemoryIO.getInstance().getByteArray(program.getLong(INSTRUCTIONS_OFFSET), instructions, 0, instructions.length);
        return instructions;
    }
}
