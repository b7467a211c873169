package io.tcpcopy.capture.raw;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.PacketSource;

/**
 * How to capture packets of one protocol that this host takes, at the IP layer.
 *
 * @param device name of the network device that they come in on, or {@link #ANY}
 * @param protocol {@link io.tcpcopy.packet.Ipv4Header#PROTOCOL_TCP} or another of IANA's numbers
 * @param filter in pcap-filter(7) syntax, for packets that begin with the IP header; empty takes everything
 * @param snapshotLength most bytes to keep of a packet
 * @param bufferBytes the socket's receive buffer, of which each packet takes some of the kernel's own memory too; below
 *     2^30, since the kernel doubles the number in 32 bits
 */
public record RawSettings(String device, int protocol, String filter, int snapshotLength, int bufferBytes)
        implements CaptureSettings {
    @Override
    public RawSettings withFilter(String otherFilter) {
        return new RawSettings(device, protocol, otherFilter, snapshotLength, bufferBytes);
    }

    @Override
    public PacketSource open() throws CaptureException {
        return RawSocketSource.open(this);
    }
}
