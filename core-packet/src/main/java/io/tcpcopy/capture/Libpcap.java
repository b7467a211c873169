package io.tcpcopy.capture;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.packet.LinkLayer;
import java.lang.reflect.Field;
import org.pcap4j.core.BpfProgram;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;

/** What pcap4j leaves open between a handle and libpcap. */
final class Libpcap {
    private Libpcap() {}

    /**
     * The descriptor of a live handle to select on (pcap_get_selectable_fd(3PCAP)). pcap4j has no method for it and keeps
     * the native handle to itself.
     */
    static int selectableDescriptor(PcapHandle handle) {
        String library = System.getProperty("org.pcap4j.core.pcapLibName", "pcap");
        return NativeLibrary.getInstance(library)
                .getFunction("pcap_get_selectable_fd")
                .invokeInt(new Object[] {nativeHandle(handle)});
    }

    /** The link layer of a handle's packets. */
    static LinkLayer linkLayer(PcapHandle handle, String name) throws CaptureException {
        int linkType = handle.getDlt().value();
        return LinkLayer.of(linkType)
                .orElseThrow(() -> new CaptureException(
                        Reason.UNUSABLE_DEVICE,
                        name + " has link type " + linkType + ", in which IPv4 is not looked for"));
    }

    /** Compiles a filter for a handle; the caller frees the result. */
    static BpfProgram compile(PcapHandle handle, String filter) throws CaptureException, NotOpenException {
        try {
            return handle.compileFilter(filter, BpfCompileMode.OPTIMIZE, PcapHandle.PCAP_NETMASK_UNKNOWN);
        } catch (PcapNativeException e) {
            throw new CaptureException(Reason.INVALID_FILTER, e.getMessage());
        }
    }

    private static Pointer nativeHandle(PcapHandle handle) {
        try {
            Field field = PcapHandle.class.getDeclaredField("handle");
            field.setAccessible(true);
            return (Pointer) field.get(handle);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("pcap4j differs from the release this program was built for", e);
        }
    }
}
