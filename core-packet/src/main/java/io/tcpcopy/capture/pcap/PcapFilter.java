package io.tcpcopy.capture.pcap;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureException.Reason;
import org.pcap4j.core.BpfProgram;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.packet.namednumber.DataLinkType;

/**
 * A capture filter for open handles. It is compiled for their link layer, anew only when that is another one: libpcap asks for the
 * address of each host name in it, which takes as long as the name server does.
 */
public final class PcapFilter implements AutoCloseable {
    private final String text;
    private BpfProgram program;
    private DataLinkType linkType;

    /** A filter in pcap-filter(7) syntax; an empty one takes everything. */
    public PcapFilter(String text) {
        this.text = text;
    }

    /**
     * Lets a handle take only what passes.
     *
     * @throws CaptureException with libpcap's message when it does not understand the filter
     */
    public void set(PcapHandle handle) throws CaptureException, PcapNativeException, NotOpenException {
        if (text.isEmpty()) {
            return;
        }
        if (program == null || !handle.getDlt().equals(linkType)) {
            close();
            program = compile(handle);
            linkType = handle.getDlt();
        }
        handle.setFilter(program);
    }

    private BpfProgram compile(PcapHandle handle) throws CaptureException, NotOpenException {
        try {
            return handle.compileFilter(text, BpfCompileMode.OPTIMIZE, PcapHandle.PCAP_NETMASK_UNKNOWN);
        } catch (PcapNativeException e) {
            throw new CaptureException(Reason.INVALID_FILTER, e.getMessage());
        }
    }

    /** Gives the memory of what was compiled back; handles keep their own copy. */
    @Override
    public void close() {
        if (program != null) {
            program.free();
            program = null;
        }
    }
}
