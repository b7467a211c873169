package io.tcpcopy.session.admit;

import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.OutgoingPacket;

/** Copies captured client packets to targets: connections, or datagrams. Each turn of the loop begins with {@link #turn}. */
public interface PacketCopier {
    /**
     * A turn of the loop begins.
     *
     * @param nowNs nanoseconds of a monotonic clock that is never negative
     */
    void turn(long nowNs);

    /**
     * Looks at a captured packet, and counts what it is.
     *
     * @param packet a view that stays where it is, over bytes that stay as they are, until {@link #takeAdmitted}; its time
     *     compares with those of other captured packets alone
     * @return whether it is a client's packet, to be taken now or later, but before the next one
     */
    boolean admit(CapturedPacket packet);

    /**
     * Copies the packet that was admitted.
     *
     * @param capturedNs when it was captured, or should have been: in the loop's time, or {@link OutgoingPacket#TIME_UNKNOWN}
     */
    void takeAdmitted(long capturedNs);

    /**
     * Takes a captured packet if it is a client's: {@link #admit}, and {@link #takeAdmitted} at once.
     *
     * @param capturedNs when it was captured, in the loop's time, or {@link OutgoingPacket#TIME_UNKNOWN}
     */
    default void clientPacket(CapturedPacket packet, long capturedNs) {
        if (admit(packet)) {
            takeAdmitted(capturedNs);
        }
    }

    /**
     * Captured packets are read later and later, or are dropped before: more comes than can be copied. By default nothing is done
     * about it.
     *
     * @param throughput how much of what came lately was read, above 1 where it is catching up
     */
    default void captureIsNarrow(double throughput) {}

    /**
     * Whether the targets are behind the capture that is replayed, so that the packet that was admitted must not follow
     * the one before it faster than it was captured.
     */
    boolean isBehind();

    /** Whether there is room for more: otherwise the capture that is replayed has to wait. */
    boolean hasRoom();

    /** The capture that is replayed has ended: what waits for more of it, waits in vain. */
    void captureEnded();

    /** The capture is replayed once more, with other client ports. Nothing of the replay before may be mistaken for it. */
    void captureBeginsAgain();

    /** How many connections are being copied. */
    int liveSessions();

    /** When {@link #runDue} is wanted; {@link Long#MAX_VALUE} for never. */
    long nextDeadlineNs();

    /** Does what is due at the time of this turn. */
    void runDue();

    /**
     * Lets go of memory that nothing has used since the last call.
     *
     * @return about how many bytes that is
     */
    default long dropUnwantedMemory() {
        return 0;
    }

    /** The program stops: what is under way ends, and each target is told. */
    void stop();

    /** Adds what is counted. */
    void addTo(Metrics metrics);
}
