package io.tcpcopy.net;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.LibraryLoader;
import jnr.ffi.LibraryOption;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.u_int32_t;

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

    /** The names under which distributions have it: Debian's first. */
    private static final String[] LIBRARIES = {"libpcap.so.0.8", "libpcap.so.1", "pcap"};

    /** {@code struct bpf_program} of pcap/bpf.h: how many instructions there are, and where they stand. */
    private static final int PROGRAM_LENGTH = 16;

    private static final int INSTRUCTIONS_OFFSET = 8;
    /** {@code struct bpf_insn}. */
    private static final int INSTRUCTION_LENGTH = 8;

    private static final int OPTIMIZE = 1;
    /** {@code PCAP_NETMASK_UNKNOWN}: nothing can be a broadcast address then. */
    private static final int NETMASK_UNKNOWN = 0xFFFFFFFF;

    private static final Calls CALLS = load();

    private PacketFilter() {}

    /** Functions of libpcap; addresses are passed as numbers. */
    public interface Calls {
        long pcap_open_dead(int linkType, int snapshotLength);

        int pcap_compile(long handle, @Out byte[] program, @In String filter, int optimize, @u_int32_t int netmask);

        String pcap_geterr(long handle);

        void pcap_freecode(@In byte[] program);

        void pcap_close(long handle);
    }

    /** libpcap does not understand a filter; the message has its words. */
    public static final class NotUnderstoodException extends Exception {
        private static final long serialVersionUID = 1L;

        NotUnderstoodException(String message) {
            super(message);
        }
    }

    private static Calls load() {
        LibraryLoader<Calls> loader = LibraryLoader.create(Calls.class).option(LibraryOption.LoadNow, true);
        UnsatisfiedLinkError reason = null;
        for (String library : LIBRARIES) {
            try {
                return loader.load(library);
            } catch (UnsatisfiedLinkError e) {
                reason = reason == null ? e : reason;
            }
        }
        throw reason;
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
