package io.tcpcopy.capture;

/** What to capture on a device. Each kind of source has settings of its own. */
public interface CaptureSettings {
    /** The device that stands for all devices, those that come later included. */
    String ANY = "any";

    /** The largest snapshot length, in bytes: libpcap's MAXIMUM_SNAPLEN. */
    int MAX_SNAPSHOT_LENGTH = 262144;

    /** Name of a network device, or {@link #ANY}. */
    String device();

    /** In pcap-filter(7) syntax; empty takes everything. */
    String filter();

    /**
     * Begins to capture.
     *
     * @throws CaptureException when the device or the filter cannot be used, or a privilege is missing
     */
    PacketSource open() throws CaptureException;

    /** The same with another filter: one for packets that begin with the IP header. */
    CaptureSettings withFilter(String otherFilter);

    /** Whether it is all devices. */
    default boolean isAny() {
        return device().equals(ANY);
    }
}
