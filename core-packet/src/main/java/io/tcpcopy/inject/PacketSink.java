package io.tcpcopy.inject;

import io.tcpcopy.packet.OutgoingPacket;

/** Where packets leave for the targets. */
public interface PacketSink extends AutoCloseable {
    /** Copying begins: the log is told how packets leave, where there is a choice, and from now on when that changes. */
    default void started() {}

    /**
     * Takes a copy of a packet, which leaves at the next {@link #flush}, cut to what the way takes. A packet that cannot leave is
     * counted, never thrown.
     */
    void send(OutgoingPacket packet);

    /**
     * Whether packets with payload should be sent to a target now: not while the kernel has no room for them. Those that cannot
     * wait, which are short, are taken even then.
     *
     * @param address the target's IPv4 address
     */
    boolean hasRoom(int address, int port);

    /**
     * Whether so much is queued where the last packet went that it is to be flushed before more is sent; not while the kernel has no
     * room.
     */
    boolean isBatchFull();

    /**
     * Hands what is queued to the kernel, without waiting. To be called at the end of each turn: what the kernel has no room
     * for leaves then, in a later turn.
     */
    void flush();

    /**
     * Drops what the kernel has not taken, and counts it: after this, and before more is sent, each packet is in one of
     * the {@link #counters}.
     */
    void giveUp();

    /** Whether a packet that is sent now would leave: none waits, and packets for all targets may leave. */
    boolean isReady();

    /** The smallest MTU of the paths to the targets, in bytes; it may change with each {@link #flush}. */
    int mtu();

    /** What became of the packets. */
    InjectCounters counters();

    /** Drops what is queued, as {@link #giveUp} does, and closes what was opened. */
    @Override
    void close();
}
