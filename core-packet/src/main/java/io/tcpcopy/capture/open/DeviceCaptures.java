package io.tcpcopy.capture.open;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.pcap.PcapSettings;
import io.tcpcopy.capture.ring.RingSettings;

/** What a program captures on a device, in each of the ways that it has. */
public interface DeviceCaptures {
    /** Through a ring. */
    RingSettings ring(String device);

    /** Through libpcap. */
    PcapSettings pcap(String device);

    /** Through a raw socket, where the program knows that way. */
    default CaptureSettings raw(String device) {
        throw new UnsupportedOperationException();
    }

    /** In one of the ways. */
    default CaptureSettings settings(CaptureKind kind, String device) {
        return switch (kind) {
            case AUTO -> new AutoSettings(ring(device), pcap(device));
            case RING -> ring(device);
            case PCAP -> pcap(device);
            case RAW -> raw(device);
        };
    }
}
