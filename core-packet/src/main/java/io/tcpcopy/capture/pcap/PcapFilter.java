package io.tcpcopy.capture.pcap;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureException.Reason;
import org.pcap4j.core.BpfProgram;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;

/** Sets capture filters on open handles, whose link layer they are compiled for. */
public final class PcapFilter {
    private PcapFilter() {}

    /**
     * Lets a handle take only what passes a filter.
     *
     * @param filter in pcap-filter(7) syntax
     * @throws CaptureException with libpcap's message when it does not understand the filter
     */
    public static void set(PcapHandle handle, String filter)
            throws CaptureException, PcapNativeException, NotOpenException {
        BpfProgram program = compile(handle, filter);
        try {
            handle.setFilter(program);
        } finally {
            program.free();
        }
    }

    /** The caller frees the result. */
    private static BpfProgram compile(PcapHandle handle, String filter) throws CaptureException, NotOpenException {
        try {
            return handle.compileFilter(filter, BpfCompileMode.OPTIMIZE, PcapHandle.PCAP_NETMASK_UNKNOWN);
        } catch (PcapNativeException e) {
            throw new CaptureException(Reason.INVALID_FILTER, e.getMessage());
        }
    }
}
