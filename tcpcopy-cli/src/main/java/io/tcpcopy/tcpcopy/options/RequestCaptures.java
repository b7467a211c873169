package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.open.DeviceCaptures;
import io.tcpcopy.capture.pcap.PcapSettings;
import io.tcpcopy.capture.raw.RawSettings;
import io.tcpcopy.capture.ring.RingSettings;
import java.util.OptionalInt;

/**
 * The capture of requests.
 *
 * @param length most bytes to keep of a packet
 * @param bufferMb size of the capture buffer where the user gave one
 */
record RequestCaptures(Protocol protocol, CaptureFilter filter, int length, OptionalInt bufferMb)
        implements DeviceCaptures {
    /** The capture buffer of libpcap where nobody says how large it is to be, and that of a socket. */
    static final int PCAP_MB = 32;

    static final int SOCKET_MB = 64;

    /** The size in bytes is an int. */
    static final int MAX_MB = 2047;
    /** The kernel doubles the size of a receive buffer, and keeps it as an int (socket(7)). */
    static final int MAX_SOCKET_MB = 1023;

    /** This part of the buffer is for frames. The rest is for long packets, and takes memory only while some wait. */
    private static final int RING_SHARE = 8;
    /** Packets without payload fit, most of all: twice as many fit into the ring as with frames for short requests. */
    private static final int RING_FRAME_BYTES = 256;

    private static final int MB_SHIFT = 20;

    private int bufferBytes(int defaultMb) {
        return bufferMb.orElse(defaultMb) << MB_SHIFT;
    }

    @Override
    public RingSettings ring(String device) {
        int bytes = bufferBytes(SOCKET_MB);
        int ringBytes = bytes / RING_SHARE;
        return new RingSettings(
                device,
                filter.expression(),
                filter.outgoing(),
                length,
                RING_FRAME_BYTES,
                ringBytes,
                Math.min(bytes - ringBytes, MAX_SOCKET_MB << MB_SHIFT),
                // A merged segment of TCP leaves in segments that fit the target; a merged datagram was several.
                protocol == Protocol.UDP);
    }

    @Override
    public PcapSettings pcap(String device) {
        return new PcapSettings(
                device, filter.forBothDirections(), filter.inboundOnly(), length, bufferBytes(PCAP_MB), false);
    }

    @Override
    public CaptureSettings raw(String device) {
        return new RawSettings(device, protocol.number(), filter.expression(), length, bufferBytes(SOCKET_MB));
    }
}
