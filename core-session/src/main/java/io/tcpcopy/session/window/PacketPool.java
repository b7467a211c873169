package io.tcpcopy.session.window;

import io.tcpcopy.packet.Ipv4Header;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Memory for packets that wait for a target, outside of the heap. Packets come in a few sizes; memory is taken from the system in slabs
 * of one size each and kept, so that in steady state nothing is allocated. When the load changes so much that other sizes
 * are wanted, slabs that nothing uses are cut anew before more memory is taken than the budget allows. One packet in use holds
 * its whole slab: {@link #bytesHeld} tells how much cannot be used for other sizes.
 */
public final class PacketPool {
    /**
     * The options of an ACK or SYN; a small request; a full Ethernet frame; a jumbo frame; and what captures merge, up to the longest
     * packet there is.
     */
    private static final int[] SIZES = {64, 512, 1536, 4608, 9216, 18_432, 36_864, Ipv4Header.MAX_TOTAL_LENGTH + 1};

    private final long budget;
    private final List<Slab> slabs = new ArrayList<>();
    private final Packet[] free = new Packet[SIZES.length];
    /** By size, the slab that packets are cut from. */
    private final Slab[] newest = new Slab[SIZES.length];

    private long bytesInUse;
    private int packetsInUse;
    private int slabsInUse;

    /** A pool that keeps to {@code budget} bytes of memory, unless slabs of more than that are in use. */
    public PacketPool(long budget) {
        this.budget = budget;
    }

    /**
     * A packet with room for {@code length} bytes, whose fields are whatever they were before.
     *
     * @param length 0 to 65536 bytes
     */
    public Packet take(int length) {
        int sizeClass = 0;
        while (SIZES[sizeClass] < length) {
            sizeClass++;
        }
        Packet packet = free[sizeClass];
        if (packet == null) {
            packet = cut(sizeClass);
        } else {
            free[sizeClass] = packet.next;
        }
        packet.next = null;
        packet.previous = null;
        slabsInUse += packet.slab().packetsInUse == 0 ? 1 : 0;
        packet.slab().packetsInUse++;
        packet.slab().wanted = true;
        bytesInUse += SIZES[sizeClass];
        packetsInUse++;
        return packet;
    }

    /** Gives a packet back; it must not be used any more. */
    public void release(Packet packet) {
        int sizeClass = packet.slab().sizeClass;
        packet.slab().packetsInUse--;
        slabsInUse -= packet.slab().packetsInUse == 0 ? 1 : 0;
        bytesInUse -= SIZES[sizeClass];
        packetsInUse--;
        packet.next = free[sizeClass];
        free[sizeClass] = packet;
    }

    /** Bytes of memory that packets hold now. */
    public long bytesInUse() {
        return bytesInUse;
    }

    /** Bytes of memory that packets hold now, with what is free beside them in their slabs, one slab of each size aside. */
    public long bytesHeld() {
        return Math.max(bytesInUse, (long) (slabsInUse - SIZES.length) * Slab.BYTES);
    }

    /** Packets that are taken now. */
    public int packetsInUse() {
        return packetsInUse;
    }

    /** Bytes of memory that were taken from the system. */
    public long bytesTaken() {
        return (long) slabs.size() * Slab.BYTES;
    }

    /** Lets go of the slabs of which no packet was in use since the last call; returns how many bytes they have. */
    public long dropUnwanted() {
        Set<Slab> unwanted = new HashSet<>();
        for (Slab slab : slabs) {
            if (slab.packetsInUse == 0 && !slab.wanted) {
                unwanted.add(slab);
            }
            slab.wanted = slab.packetsInUse > 0;
        }
        if (!unwanted.isEmpty()) {
            for (int sizeClass = 0; sizeClass < SIZES.length; sizeClass++) {
                forgetPackets(sizeClass, unwanted);
            }
            slabs.removeAll(unwanted);
        }
        return (long) unwanted.size() * Slab.BYTES;
    }

    /** Packets are made as they are needed: objects for all of a slab would take as much of the heap as small packets of it. */
    private Packet cut(int sizeClass) {
        int size = SIZES[sizeClass];
        if (newest[sizeClass] == null || !newest[sizeClass].hasLeft(size)) {
            newest[sizeClass] = emptySlab();
            newest[sizeClass].cutAnew(sizeClass);
        }
        return new Packet(newest[sizeClass], newest[sizeClass].cut(size));
    }

    private Slab emptySlab() {
        Slab slab = bytesTaken() + Slab.BYTES > budget ? unusedSlab() : null;
        if (slab == null) {
            slab = new Slab();
            slabs.add(slab);
        } else {
            forgetPackets(slab.sizeClass, Set.of(slab));
        }
        return slab;
    }

    private Slab unusedSlab() {
        for (Slab slab : slabs) {
            if (slab.packetsInUse == 0) {
                return slab;
            }
        }
        return null;
    }

    private void forgetPackets(int sizeClass, Set<Slab> forgotten) {
        Packet kept = null;
        Packet packet = free[sizeClass];
        while (packet != null) {
            Packet next = packet.next;
            if (!forgotten.contains(packet.slab())) {
                packet.next = kept;
                kept = packet;
            }
            packet = next;
        }
        free[sizeClass] = kept;
        if (newest[sizeClass] != null && forgotten.contains(newest[sizeClass])) {
            newest[sizeClass] = null;
        }
    }
}
