package io.tcpcopy.inject;

/** What became of the packets that were to be injected; each that is not queued any more is in one of the counts. */
public enum InjectCounter {
    /** Handed to the kernel. */
    SENT,
    /** Refused by the kernel; {@link ErrnoCounts} says why. */
    FAILED,
    /** Thrown away because the kernel took nothing for too long: the queue was full, or the program ended. */
    DROPPED,
    /**
     * Thrown away because the target's next hop did not answer on the link: see {@link TargetGate}. Nothing is kept for
     * when it does; the sessions repeat what was not acknowledged.
     */
    NEXT_HOP_SILENT
}
