package io.tcpcopy.packet;

/** What is known of the TCP or UDP checksum of a captured packet. */
public enum ChecksumState {
    /** Nothing: it may be right or wrong, or not be there yet. */
    UNKNOWN,
    /** It has been verified, by the kernel, by the network card or here. */
    RIGHT,
    /** Whoever sends the packet, a network card for instance, is to compute it: the field says nothing. */
    NOT_FILLED_IN,
    /** It does not match the packet. */
    WRONG
}
