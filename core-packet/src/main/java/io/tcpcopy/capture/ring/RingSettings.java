package io.tcpcopy.capture.ring;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.PacketSource;

/**
 * How to capture through a ring.
 *
 * @param device name of a network device, or {@link #ANY}
 * @param filter in pcap-filter(7) syntax, for packets that begin with the IP header; empty takes everything
 * @param outgoing which of the packets that this host sends pass as well, in the same syntax; empty for none
 * @param snapshotLength most bytes to keep of a packet
 * @param frameSize bytes of each frame: a power of two. A longer packet waits in the socket's queue. Where the kernel grants less of
 *     that than is wanted, frames are as long as packets of Ethernet instead, and take half of all the memory
 * @param ringBytes of all frames
 * @param queueBytes of that queue at most
 * @param segmentSizes whether merged packets come with the size of their segments ({@link
 *     io.tcpcopy.packet.CapturedPacket#segmentSize}), which costs a few bytes of each frame, and packets of merged kinds that the
 *     kernel does not describe
 */
public record RingSettings(
        String device,
        String filter,
        String outgoing,
        int snapshotLength,
        int frameSize,
        int ringBytes,
        int queueBytes,
        boolean segmentSizes)
        implements CaptureSettings {
    /** A packet of Ethernet fits with what the kernel puts in front. */
    private static final int LONG_FRAME = 2048;

    /** The same for a queue that holds next to nothing. */
    RingSettings withSmallQueue() {
        int bytes = (ringBytes + queueBytes) / 2;
        return new RingSettings(device, filter, outgoing, snapshotLength, LONG_FRAME, bytes, queueBytes, segmentSizes);
    }

    @Override
    public RingSettings withFilter(String otherFilter) {
        return new RingSettings(
                device, otherFilter, outgoing, snapshotLength, frameSize, ringBytes, queueBytes, segmentSizes);
    }

    @Override
    public PacketSource open() throws CaptureException {
        return RingSource.open(this);
    }
}
