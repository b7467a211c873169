package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.pcap.PcapSettings;
import io.tcpcopy.capture.raw.RawSettings;
import io.tcpcopy.capture.ring.RingSettings;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The ways to capture, by their names in {@code --capture}. */
enum CaptureKind {
    /** Through libpcap. */
    PCAP(CaptureKind.PCAP_MB, CaptureKind.MAX_MB) {
        @Override
        CaptureSettings settings(String device, Protocol protocol, CaptureFilter filter, int length, int bufferBytes) {
            return new PcapSettings(
                    device, filter.forBothDirections(), filter.inboundOnly(), length, bufferBytes, false);
        }
    },
    /** Through a raw socket. */
    RAW(CaptureKind.SOCKET_MB, CaptureKind.MAX_SOCKET_MB) {
        @Override
        CaptureSettings settings(String device, Protocol protocol, CaptureFilter filter, int length, int bufferBytes) {
            return new RawSettings(device, protocol.number(), filter.expression(), length, bufferBytes);
        }
    },
    /** Through a ring. */
    RING(CaptureKind.SOCKET_MB, CaptureKind.MAX_SOCKET_MB) {
        @Override
        CaptureSettings settings(String device, Protocol protocol, CaptureFilter filter, int length, int bufferBytes) {
            int ringBytes = bufferBytes / RING_SHARE;
            return new RingSettings(
                    device,
                    filter.expression(),
                    filter.outgoing(),
                    length,
                    RING_FRAME_BYTES,
                    ringBytes,
                    bufferBytes - ringBytes);
        }
    };

    /** The capture buffer of libpcap where nobody says how large it is to be, and that of a socket. */
    static final int PCAP_MB = 32;

    static final int SOCKET_MB = 64;

    /** The size in bytes is an int. */
    static final int MAX_MB = 2047;
    /** The kernel doubles the size of a receive buffer, and keeps it as an int (socket(7)). */
    static final int MAX_SOCKET_MB = 1023;

    /** This part of the buffer is for frames. The rest is for long packets, and takes memory only while some wait. */
    private static final int RING_SHARE = 4;
    /** Requests of ordinary length fit; twice as many smaller frames bridge twice the time. */
    private static final int RING_FRAME_BYTES = 1024;

    private final int defaultMb;
    private final int maxMb;

    CaptureKind(int defaultMb, int maxMb) {
        this.defaultMb = defaultMb;
        this.maxMb = maxMb;
    }

    /** The kind of a name. */
    static Optional<CaptureKind> of(String text) {
        return Stream.of(values()).filter(kind -> kind.text().equals(text)).findFirst();
    }

    /** The name in {@code --capture}. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a filter is for packets that begin with the IP header. */
    boolean beginsWithIp() {
        return this != PCAP;
    }

    /** The capture buffer, in MB, where nobody says how large it is to be. */
    int defaultMb() {
        return defaultMb;
    }

    /** The largest capture buffer, in MB. */
    int maxMb() {
        return maxMb;
    }

    /**
     * How to capture on a device.
     *
     * @param length most bytes to keep of a packet
     */
    abstract CaptureSettings settings(
            String device, Protocol protocol, CaptureFilter filter, int length, int bufferBytes);
}
