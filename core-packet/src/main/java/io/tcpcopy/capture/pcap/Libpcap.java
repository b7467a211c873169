package io.tcpcopy.capture.pcap;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.lang.reflect.Field;
import org.pcap4j.core.PcapHandle;

/** The functions of libpcap that pcap4j does not show, called through JNA with the addresses of its handles. */
final class Libpcap {
    static {
        // ftell is found through libpcap, which needs it as well.
        String library = System.getProperty("org.pcap4j.core.pcapLibName", "pcap");
        Native.register(Libpcap.class, NativeLibrary.getInstance(library));
    }

    private Libpcap() {}

    /**
     * Reads the next packet; see pcap_next_ex(3PCAP).
     *
     * @param handle address of libpcap's handle
     * @param header address to which the address of the packet's header is written
     * @param data address to which the address of the packet's bytes is written
     * @return one of the results that {@link PcapReader} knows
     */
    static native int pcap_next_ex(long handle, long header, long data);

    /** Why the last call on a handle failed; see pcap_geterr(3PCAP). */
    static native String pcap_geterr(long handle);

    /** The descriptor of a live handle to select on; see pcap_get_selectable_fd(3PCAP). */
    private static native int pcap_get_selectable_fd(long handle);

    /**
     * The name of a link type, such as {@code EN10MB}; null for one that libpcap does not know. See
     * pcap_datalink_val_to_name(3PCAP).
     */
    static native String pcap_datalink_val_to_name(int linkType);

    /** What a link type is in a few words, likewise. */
    static native String pcap_datalink_val_to_description(int linkType);

    /** The C stream of a handle that reads a file; see pcap_file(3PCAP). */
    private static native long pcap_file(long handle);

    /** How many bytes of a stream have been read; see ftell(3). */
    private static native long ftell(long stream);

    /**
     * How many bytes have been read of the file that a handle reads.
     *
     * @param handle address of libpcap's handle
     */
    static long position(long handle) {
        return ftell(pcap_file(handle));
    }

    /** The descriptor to select on, of a handle that captures. */
    static int selectableDescriptor(PcapHandle handle) {
        return pcap_get_selectable_fd(address(handle));
    }

    /** The address of libpcap's handle, which is a private field of pcap4j's. */
    static long address(PcapHandle handle) {
        return Pointer.nativeValue((Pointer) field(PcapHandle.class, handle, "handle"));
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
