package io.tcpcopy.capture;

import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;

/** Checks capture filters before a device is opened, which needs no privilege. */
public final class PcapFilter {
    private PcapFilter() {}

    /**
     * Checks a filter as it would be compiled for the packets of a device: cooked ones on {@link PcapSettings#ANY},
     * Ethernet elsewhere. The few devices with another link layer have the last word when they are opened.
     *
     * @param filter in pcap-filter(7) syntax
     * @throws CaptureException with libpcap's complaint when it does not understand the filter
     */
    public static void check(String filter, String device) throws CaptureException {
        DataLinkType linkType = device.equals(PcapSettings.ANY) ? DataLinkType.LINUX_SLL : DataLinkType.EN10MB;
        try (PcapHandle handle = Pcaps.openDead(linkType, PcapSettings.MAX_SNAPSHOT_LENGTH)) {
            Libpcap.compile(handle, filter).free();
        } catch (PcapNativeException | NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }
}
