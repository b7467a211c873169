package io.tcpcopy.capture.pcap;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.PacketSource;

/**
 * How to capture on a device through libpcap.
 *
 * @param device name of a network device, or {@link #ANY}
 * @param filter in pcap-filter(7) syntax; empty takes everything
 * @param inboundOnly whether packets that this host sends are left out
 * @param snapshotLength most bytes to keep of a packet, link header included
 * @param bufferBytes size of the kernel's capture buffer
 * @param immediate whether each packet can be read at once, which takes {@code snapshotLength} bytes of the buffer for
 *     each; otherwise a packet takes its own length, and can be read within a millisecond
 */
public record PcapSettings(
        String device, String filter, boolean inboundOnly, int snapshotLength, int bufferBytes, boolean immediate)
        implements CaptureSettings {
    @Override
    public PcapSettings withFilter(String otherFilter) {
        return new PcapSettings(device, otherFilter, inboundOnly, snapshotLength, bufferBytes, immediate);
    }

    @Override
    public PacketSource open() throws CaptureException {
        return PcapSource.open(this);
    }
}
