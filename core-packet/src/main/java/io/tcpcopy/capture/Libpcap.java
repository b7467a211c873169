package io.tcpcopy.capture;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.packet.LinkLayer;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import org.pcap4j.core.BpfProgram;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;

/** What pcap4j leaves open between a handle and libpcap. Addresses are those of the C side. */
final class Libpcap {
    private static final int INSTRUCTION_COUNT_OFFSET = 0;
    private static final int INSTRUCTIONS_OFFSET = 8;
    private static final int INSTRUCTION_LENGTH = 8;

    static {
        // memcpy and ftell are found through libpcap, which needs them as well.
        String library = System.getProperty("org.pcap4j.core.pcapLibName", "pcap");
        Native.register(Libpcap.class, NativeLibrary.getInstance(library));
    }

    private Libpcap() {}

    /**
     * Reads the next packet; see pcap_next_ex(3PCAP).
     *
     * @param handle the address of one
     * @param header address at which to put the address of the packet's header
     * @param data address at which to put the address of the packet's bytes
     */
    static native int pcap_next_ex(long handle, long header, long data);

    /** What was wrong with the last call; see pcap_geterr(3PCAP). */
    static native String pcap_geterr(long handle);

    /** The descriptor of a live handle to select on; see pcap_get_selectable_fd(3PCAP). */
    private static native int pcap_get_selectable_fd(long handle);

    /** Copies bytes between addresses; see memcpy(3). The result is of no use. */
    static native long memcpy(long to, long from, long length);

    /** The C stream of a handle that reads a file; see pcap_file(3PCAP). */
    private static native long pcap_file(long handle);

    /** How many bytes of a stream have been read; see ftell(3). */
    private static native long ftell(long stream);

    /** How many bytes have been read of the file that a handle reads. */
    static long position(PcapHandle handle) {
        return ftell(pcap_file(address(handle)));
    }

    /** Lets a handle take only what passes a filter. */
    static void setFilter(PcapHandle handle, String filter)
            throws CaptureException, PcapNativeException, NotOpenException {
        BpfProgram program = compile(handle, filter);
        try {
            handle.setFilter(program);
        } finally {
            program.free();
        }
    }

    /** See {@link #pcap_get_selectable_fd}. */
    static int selectableDescriptor(PcapHandle handle) {
        return pcap_get_selectable_fd(address(handle));
    }

    /** The address of a direct buffer's first byte. */
    static long address(ByteBuffer buffer) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
    }

    /** The address of libpcap's handle, which pcap4j keeps to itself. */
    static long address(PcapHandle handle) {
        return Pointer.nativeValue((Pointer) field(PcapHandle.class, handle, "handle"));
    }

    /** The link layer of a handle's packets; {@code otherwise}: what it is when IPv4 is not looked for in them. */
    static LinkLayer linkLayer(PcapHandle handle, String name, Reason otherwise) throws CaptureException {
        int linkType = handle.getDlt().value();
        return LinkLayer.of(linkType)
                .orElseThrow(() -> new CaptureException(
                        otherwise, name + " has link type " + linkType + ", in which IPv4 is not looked for"));
    }

    /** Compiles a filter for a handle; the caller frees the result. */
    static BpfProgram compile(PcapHandle handle, String filter) throws CaptureException, NotOpenException {
        try {
            return handle.compileFilter(filter, BpfCompileMode.OPTIMIZE, PcapHandle.PCAP_NETMASK_UNKNOWN);
        } catch (PcapNativeException e) {
            throw new CaptureException(Reason.INVALID_FILTER, e.getMessage());
        }
    }

    /** The instructions of a compiled filter: the array in its {@code struct bpf_program} (pcap/bpf.h). */
    static byte[] instructions(BpfProgram program) {
        Pointer struct = ((Structure) field(BpfProgram.class, program, "program")).getPointer();
        int count = struct.getInt(INSTRUCTION_COUNT_OFFSET);
        return struct.getPointer(INSTRUCTIONS_OFFSET).getByteArray(0, count * INSTRUCTION_LENGTH);
    }

    private static Object field(Class<?> type, Object object, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(object);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("pcap4j differs from the release this program was built for", e);
        }
    }
}
