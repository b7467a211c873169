package io.tcpcopy.capture;

import io.tcpcopy.packet.LinkLayer;
import java.nio.ByteBuffer;
import java.sql.Timestamp;
import java.util.concurrent.TimeUnit;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.RawPacketListener;

/** Takes pcap4j's packets, finds IPv4 in them and hands them on in a buffer that is used again for the next. */
final class Ipv4Delivery implements RawPacketListener {
    private ByteBuffer buffer = ByteBuffer.allocateDirect(0);
    private PcapHandle handle;
    private LinkLayer linkLayer;
    private PacketHandler handler;
    private Throwable failure;
    private long notIpv4;

    /** Sets what packets come from next. */
    void attach(PcapHandle newHandle, LinkLayer newLinkLayer, int snapshotLength) {
        handle = newHandle;
        linkLayer = newLinkLayer;
        if (buffer.capacity() < snapshotLength) {
            buffer = ByteBuffer.allocateDirect(snapshotLength);
        }
    }

    /** Sets where the packets that come next go. */
    void to(PacketHandler newHandler) {
        handler = newHandler;
    }

    long notIpv4() {
        return notIpv4;
    }

    @Override
    public void gotPacket(byte[] packet) {
        // JNA would print what is thrown through its native frames, and forget it.
        try {
            deliver(packet);
        } catch (RuntimeException | Error e) {
            if (failure == null) {
                failure = e;
            }
        }
    }

    /** Throws the first that the handler threw since the last call, if anything. The packets behind it were delivered. */
    void rethrowFailure() {
        Throwable thrown = failure;
        failure = null;
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw (RuntimeException) thrown;
        }
    }

    private void deliver(byte[] packet) {
        if (packet.length > buffer.capacity()) {
            buffer = ByteBuffer.allocateDirect(packet.length);
        }
        buffer.put(0, packet);
        int offset = linkLayer.findIpv4(buffer, 0, packet.length);
        if (offset == LinkLayer.NOT_IPV4) {
            notIpv4++;
        } else {
            int length = packet.length - offset;
            int cut = Math.max(0, handle.getOriginalLength() - packet.length);
            handler.packet(buffer, offset, length, length + cut, arrivalNs());
        }
    }

    private long arrivalNs() {
        Timestamp arrival = handle.getTimestamp();
        long seconds = Math.floorDiv(arrival.getTime(), TimeUnit.SECONDS.toMillis(1));
        return TimeUnit.SECONDS.toNanos(seconds) + arrival.getNanos();
    }
}
