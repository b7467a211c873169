package io.tcpcopy.inject;

/** What became of packets that were to be injected: each that is not queued any more is counted once. */
public enum InjectCounter {
    /** Handed to the kernel. */
    SENT,
    /** Refused by the kernel; {@link ErrnoCounters} says why. */
    FAILED,
    /** Dropped because the kernel took nothing for too long: the queue was full, or the program ended. */
    DROPPED,
    /**
     * Dropped because the target's next hop did not answer on the link, so that the kernel would have answered the
     * client. None is kept until the next hop answers again: the sessions repeat what was not acknowledged.
     */
    NEXT_HOP_SILENT
}
