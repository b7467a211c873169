package io.tcpcopy.capture;

/** What is counted where packets come from. */
public interface CaptureTotals {
    /** Where they come from, for people: the name of a device or of a file. */
    String name();

    /** Packets captured so far that were not handed over because they are not IPv4. */
    long notIpv4();

    /**
     * Packets that the kernel dropped so far because the capture buffer was full. Costs a system call. The kernel counts
     * with 32 bits: ask at least once in 2^32 drops.
     */
    long kernelDrops();
}
