package io.tcpcopy.session.admit;

import io.tcpcopy.counters.Counters;
import io.tcpcopy.session.arrival.Verdict;
import java.nio.ByteBuffer;

/** Copies captured client packets to targets. Each turn of the loop begins with {@link #turn}. */
public interface PacketCopier {
    /**
     * A turn of the loop begins.
     *
     * @param nowNs nanoseconds of a monotonic clock that is never negative
     */
    void turn(long nowNs);

    /**
     * Looks at a captured packet, and counts what it is; parameters as in {@code PacketHandler}.
     *
     * @param buffer must keep the packet until {@link #takeAdmitted}
     * @param offset index of the IPv4 header
     * @param length captured bytes from there on
     * @param wireLength bytes from there on that were on the wire
     * @param arrivalNs when the kernel saw the packet; compares with other captured packets alone
     * @return whether it is a client's packet, to be taken now or later, but before the next one
     */
    boolean admit(ByteBuffer buffer, int offset, int length, int wireLength, long arrivalNs);

    /** Copies the packet that was admitted. */
    void takeAdmitted();

    /** Takes a captured packet if it is a client's: {@link #admit}, and {@link #takeAdmitted} at once. */
    default void clientPacket(ByteBuffer buffer, int offset, int length, int wireLength, long arrivalNs) {
        if (admit(buffer, offset, length, wireLength, arrivalNs)) {
            takeAdmitted();
        }
    }

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

    /** What was said of captured packets. */
    Counters<Verdict> verdicts();

    /** How many connections are being copied. */
    int liveSessions();
}
