package io.tcpcopy.inject;

/** What became of the packets that were to be injected; each is in one of the counts. */
public enum InjectCounter {
    /** Handed to the kernel. */
    SENT,
    /** Refused by the kernel; {@link ErrnoCounts} says why. */
    FAILED,
    /** Thrown away because the kernel took nothing for too long and the queue was full. */
    DROPPED,
    /** Thrown away because the target's next hop did not answer: see {@link TargetGate}. */
    HELD,
    /** Bytes of the packets sent, IP headers included. */
    SENT_BYTES
}
