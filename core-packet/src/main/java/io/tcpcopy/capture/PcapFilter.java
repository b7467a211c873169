package io.tcpcopy.capture;

import org.pcap4j.core.BpfProgram;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;

/** Checks and compiles capture filters without a device, which needs no privilege. */
public final class PcapFilter {
    private PcapFilter() {}

    /**
     * Checks a filter as it would be compiled for the packets of a device: cooked ones on {@link CaptureSettings#ANY},
     * Ethernet elsewhere. The few devices with another link layer have the last word when they are opened.
     *
     * @param filter in pcap-filter(7) syntax
     * @throws CaptureException with libpcap's complaint when it does not understand the filter
     */
    public static void check(String filter, String device) throws CaptureException {
        compile(filter, device.equals(CaptureSettings.ANY) ? DataLinkType.LINUX_SLL : DataLinkType.EN10MB);
    }

    /**
     * Compiles a filter for packets that begin with the IP header.
     *
     * @param filter in pcap-filter(7) syntax
     * @return the program for {@link io.tcpcopy.net.Libc#attachFilter}; it takes packets whole
     * @throws CaptureException with libpcap's complaint when it does not understand the filter
     */
    public static byte[] forIp(String filter) throws CaptureException {
        return compile(filter, DataLinkType.RAW);
    }

    private static byte[] compile(String filter, DataLinkType linkType) throws CaptureException {
        try (PcapHandle handle = Pcaps.openDead(linkType, CaptureSettings.MAX_SNAPSHOT_LENGTH)) {
            BpfProgram program = Libpcap.compile(handle, filter);
            try {
                return Libpcap.instructions(program);
            } finally {
                program.free();
            }
        } catch (PcapNativeException | NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }
}
