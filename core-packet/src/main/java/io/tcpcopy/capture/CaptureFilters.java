package io.tcpcopy.capture;

import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.net.PacketFilter;
import java.util.regex.Pattern;

/** Capture filters: checked and compiled without a device. */
public final class CaptureFilters {
    /** What is in front of the IP header, or which way a packet goes: libpcap knows that of its own captures alone. */
    private static final Pattern OF_LINK_LAYER =
            Pattern.compile("\\b(ether|link|vlan|mpls|pppoed|pppoes|inbound|outbound|ifindex|len|less|greater)\\b");

    private CaptureFilters() {}

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
                device.equals(CaptureSettings.ANY) ? PacketFilter.LINUX_SLL : PacketFilter.ETHERNET,
                CaptureSettings.MAX_SNAPSHOT_LENGTH);
    }

    /**
     * Compiles a filter for packets that begin with the IP header.
     *
     * @param filter in pcap-filter(7) syntax
     * @param snapshotLength how many bytes of a packet are to be kept
     * @return the instructions for {@link io.tcpcopy.net.Libc#attachFilter}
     * @throws CaptureException with libpcap's message when it does not understand the filter
     */
    public static byte[] compileForIp(String filter, int snapshotLength) throws CaptureException {
        return compile(filter, PacketFilter.RAW_IP, snapshotLength);
    }

    /** Whether a filter means the same for packets that begin with the IP header as for those with a link header in front. */
    public static boolean isForIp(String filter) {
        if (OF_LINK_LAYER.matcher(filter).find()) {
            return false;
        }
        try {
            compileForIp(filter, CaptureSettings.MAX_SNAPSHOT_LENGTH);
            return true;
        } catch (CaptureException e) {
            return false;
        }
    }

    private static byte[] compile(String filter, int linkType, int snapshotLength) throws CaptureException {
        try {
            return PacketFilter.compile(filter, linkType, snapshotLength);
        } catch (PacketFilter.NotUnderstoodException e) {
            throw new CaptureException(Reason.INVALID_FILTER, e.getMessage());
        }
    }
}
