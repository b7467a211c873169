package io.tcpcopy.capture.pcap;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.capture.CaptureSettings;
import org.pcap4j.core.BpfProgram;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;

/** Capture filters: checked and compiled without a device, which needs no privilege, or set on an open handle. */
public final class PcapFilter {
    private PcapFilter() {}

    /**
     * Checks a filter as it would be compiled for the packets of a device: Linux cooked capture on
     * {@link CaptureSettings#ANY}, Ethernet on others. Few devices have another link layer; for them the filter is
     * checked again when they are opened.
     *
     * @param filter in pcap-filter(7) syntax
     * @throws CaptureException with libpcap's message when it does not understand the filter
     */
    public static void check(String filter, String device) throws CaptureException {
        compile(
                filter,
                device.equals(CaptureSettings.ANY) ? DataLinkType.LINUX_SLL : DataLinkType.EN10MB,
                CaptureSettings.MAX_SNAPSHOT_LENGTH);
    }

    /**
     * Compiles a filter for packets that begin with the IP header.
     *
     * @param filter in pcap-filter(7) syntax
     * @return the instructions for {@link io.tcpcopy.net.Libc#attachFilter}; they take packets whole
     * @throws CaptureException with libpcap's message when it does not understand the filter
     */
    public static byte[] compileForIp(String filter) throws CaptureException {
        return compileForIp(filter, CaptureSettings.MAX_SNAPSHOT_LENGTH);
    }

    /**
     * The same for a socket that is to keep no more than the beginning of each packet.
     *
     * @param snapshotLength in bytes
     */
    public static byte[] compileForIp(String filter, int snapshotLength) throws CaptureException {
        return compile(filter, DataLinkType.RAW, snapshotLength);
    }

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

    private static byte[] compile(String filter, DataLinkType linkType, int snapshotLength) throws CaptureException {
        try (PcapHandle handle = Pcaps.openDead(linkType, snapshotLength)) {
            BpfProgram program = compile(handle, filter);
            try {
                return Libpcap.instructions(program);
            } finally {
                program.free();
            }
        } catch (PcapNativeException | NotOpenException e) {
            throw new IllegalStateException(e);
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
