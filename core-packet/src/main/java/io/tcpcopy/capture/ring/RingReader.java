package io.tcpcopy.capture.ring;

import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.net.FilterProgram;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.ChecksumState;
import io.tcpcopy.packet.Direction;
import io.tcpcopy.packet.LinkLayer;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** Hands over the packets of a ring, one after the other. A packet is where it is until its frame is given back. */
final class RingReader {
    private final Queue queue;
    /** Null while nothing is captured. */
    private FrameRing ring;

    private final CapturedPacket packet = new CapturedPacket();
    private long notIpv4;
    private long ipv6;
    private long cut;

    /** Where packets wait that did not fit into their frames, in the order of those. */
    interface Queue {
        /**
         * Takes the next one out.
         *
         * @return how many bytes it has, all of which are in {@link #buffer}; negative when there is none
         */
        int receive();

        /** The packet, from index 0 on, in network byte order. */
        ByteBuffer buffer();
    }

    /** A reader without a ring. */
    RingReader(Queue queue) {
        this.queue = queue;
    }

    /** Sets where packets come from next. */
    void attach(FrameRing newRing) {
        ring = newRing;
    }

    /** To be called before the ring's memory is given back: nothing is read from now on. */
    void detach() {
        ring = null;
    }

    /**
     * Hands over what is there. What the handler throws is thrown when all have been handed over; of several, the first.
     *
     * @return how many frames were given back
     */
    int read(PacketHandler handler, int limit) {
        RuntimeException failure = null;
        int frames = 0;
        while (frames < limit && ring != null) {
            int status = ring.status();
            if ((status & FrameRing.STATUS_USER) == 0) {
                break;
            }
            frames++;
            try {
                deliver(status, handler);
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            } finally {
                if (ring != null) {
                    ring.release();
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return frames;
    }

    /** Packets so far that are not IPv4. */
    long notIpv4() {
        return notIpv4;
    }

    /** Those of them that are IPv6. */
    long ipv6() {
        return ipv6;
    }

    /** Packets so far of which only the beginning came, since there was no room for all of it. */
    long cut() {
        return cut;
    }

    private void deliver(int status, PacketHandler handler) {
        ByteBuffer buffer = ring.packets();
        int offset = ring.offset();
        int length = ring.capturedLength();
        if ((status & FrameRing.STATUS_COPY) != 0) {
            int received = queue.receive();
            if (received >= 0) {
                buffer = queue.buffer();
                offset = ring.queuedOffset();
                length = Math.max(0, received - offset);
            }
        }
        if (ring.etherType() != LinkLayer.TYPE_IPV4 || length == 0) {
            notIpv4++;
            ipv6 += ring.etherType() == LinkLayer.TYPE_IPV6 ? 1 : 0;
            return;
        }
        if (length < ring.length() && length == ring.room()) {
            cut++;
            return;
        }
        long arrivalNs = TimeUnit.SECONDS.toNanos(ring.seconds()) + ring.nanoseconds();
        packet.wrap(buffer, offset, length, Math.max(length, ring.length()), arrivalNs)
                .direction(ring.packetType() == FilterProgram.OUTGOING ? Direction.OUTBOUND : Direction.INBOUND)
                .checksum(checksum(status))
                .segmentSize(ring.segmentSize());
        handler.packet(packet);
    }

    private static ChecksumState checksum(int status) {
        if ((status & FrameRing.STATUS_CHECKSUM_NOT_READY) != 0) {
            return ChecksumState.NOT_FILLED_IN;
        }
        return (status & FrameRing.STATUS_CHECKSUM_VALID) != 0 ? ChecksumState.RIGHT : ChecksumState.UNKNOWN;
    }
}
