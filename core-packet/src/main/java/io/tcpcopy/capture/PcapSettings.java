package io.tcpcopy.capture;

/**
 * How to capture on a device through libpcap.
 *
 * @param device name of a network device, or {@link #ANY}
 * @param filter in pcap-filter(7) syntax; empty takes everything
 * @param inboundOnly whether what this host sends is left out
 * @param snapshotLength most bytes to keep of a packet, link header included
 * @param bufferBytes size of the kernel's capture buffer
 * @param immediate whether each packet can be read at once. Otherwise packets are packed densely and come within a
 *     millisecond, while in immediate mode each packet takes {@code snapshotLength} bytes of the buffer.
 */
public record PcapSettings(
        String device, String filter, boolean inboundOnly, int snapshotLength, int bufferBytes, boolean immediate)
        implements CaptureSettings {
    @Override
    public PacketSource open() throws CaptureException {
        return PcapSource.open(this);
    }
}
