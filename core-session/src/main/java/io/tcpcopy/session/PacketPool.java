package io.tcpcopy.session;

import io.tcpcopy.packet.Ipv4Header;
import java.nio.ByteBuffer;

/**
 * Memory for target packets, outside of the heap. Packets come in a few sizes; memory is taken from the system in slabs
 * and kept, so that in steady state nothing is allocated.
 */
final class PacketPool {
    private static final int SLAB_BYTES = 1 << 20;
    /** A pure ACK or SYN with options; a small request; a full Ethernet frame; a jumbo frame; anything. */
    private static final int[] SIZES = {128, 512, 1536, 9216, Ipv4Header.MAX_TOTAL_LENGTH + 1};

    private final Packet[] free = new Packet[SIZES.length];
    private long bytesInUse;
    private int packetsInUse;

    /**
     * A packet with room for {@code length} bytes, whose fields are whatever they were before.
     *
     * @param length 1 to 65536 bytes
     */
    Packet take(int length) {
        int sizeClass = 0;
        while (SIZES[sizeClass] < length) {
            sizeClass++;
        }
        if (free[sizeClass] == null) {
            addSlab(sizeClass);
        }
        Packet packet = free[sizeClass];
        free[sizeClass] = packet.next;
        packet.next = null;
        packet.previous = null;
        bytesInUse += SIZES[sizeClass];
        packetsInUse++;
        return packet;
    }

    /** Gives a packet back; it must not be used any more. */
    void release(Packet packet) {
        bytesInUse -= SIZES[packet.sizeClass];
        packetsInUse--;
        packet.next = free[packet.sizeClass];
        free[packet.sizeClass] = packet;
    }

    /** Bytes of memory that packets hold now. */
    long bytesInUse() {
        return bytesInUse;
    }

    /** Packets that are taken now. */
    int packetsInUse() {
        return packetsInUse;
    }

    private void addSlab(int sizeClass) {
        int size = SIZES[sizeClass];
        ByteBuffer slab = ByteBuffer.allocateDirect(SLAB_BYTES);
        for (int offset = 0; offset + size <= SLAB_BYTES; offset += size) {
            Packet packet = new Packet(slab, offset, sizeClass);
            packet.next = free[sizeClass];
            free[sizeClass] = packet;
        }
    }
}
