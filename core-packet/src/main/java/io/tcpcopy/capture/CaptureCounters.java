package io.tcpcopy.capture;

/** What is counted where packets come from, from the start of the program on. */
public interface CaptureCounters {
    /** Where they come from, for people: the name of a device or of a file. */
    String name();

    /** Packets that were captured and not handed over because they are not IPv4. */
    long notIpv4();

    /** Those of them that are IPv6, where a source can tell. */
    default long ipv6() {
        return 0;
    }

    /**
     * Packets that the kernel dropped because the capture buffer was full. Costs a system call. The kernel counts with
     * 32 bits: ask at least once in 2^32 drops.
     */
    long kernelDrops();

    /** Packets that the network card has dropped before. Costs the reading of some files. */
    default long cardDrops() {
        return 0;
    }

    /** Memory of the process that the kernel fills with packets, in bytes. */
    default long ringBytes() {
        return 0;
    }

    /** Packets that were not handed over but let through to their destination, where a source takes packets for itself. */
    default long letThrough() {
        return 0;
    }
}
