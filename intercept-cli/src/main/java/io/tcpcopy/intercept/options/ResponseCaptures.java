package io.tcpcopy.intercept.options;

import io.tcpcopy.capture.open.DeviceCaptures;
import io.tcpcopy.capture.pcap.PcapSettings;
import io.tcpcopy.capture.ring.RingSettings;

/**
 * The capture of responses. They are routed here and end here, so they come in. What goes out is never one of them, or one that
 * was seen coming in: through a bridge, or because this host forwards although it must not.
 *
 * @param filter in pcap-filter(7) syntax
 * @param length most bytes to keep of a packet, from its IP header on
 */
record ResponseCaptures(String filter, int length) implements DeviceCaptures {
    private static final String NOTHING_OUTGOING = "";
    private static final boolean INBOUND_ONLY = true;

    /** The longest link header: Linux cooked capture with a VLAN tag. */
    private static final int LINK_HEADER_LENGTH = 24;

    private static final int PCAP_BYTES = 16 << 20;

    /** What the kernel puts in front of the packet in a frame, rounded up. */
    private static final int FRAME_HEADER_LENGTH = 128;
    /** With headers of responses alone, half a second at 30,000 packets a second. */
    private static final int FRAMES = 16 << 10;
    /** No packet is longer than what is kept, so none waits outside of the ring. */
    private static final int QUEUE_BYTES = 0;

    @Override
    public RingSettings ring(String device) {
        int frameBytes = Integer.highestOneBit(FRAME_HEADER_LENGTH + length - 1) << 1;
        return new RingSettings(
                device, filter, NOTHING_OUTGOING, length, frameBytes, frameBytes * FRAMES, QUEUE_BYTES, false);
    }

    @Override
    public PcapSettings pcap(String device) {
        return new PcapSettings(device, filter, INBOUND_ONLY, LINK_HEADER_LENGTH + length, PCAP_BYTES, true);
    }
}
