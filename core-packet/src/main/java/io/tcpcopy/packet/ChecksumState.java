package io.tcpcopy.packet;

/** What the kernel says of the TCP or UDP checksum of a captured packet. */
public enum ChecksumState {
    /** Nothing: it may be right or wrong, or not be there yet. */
    UNKNOWN,
    /** It has been verified, by the kernel or by the network card. */
    RIGHT,
    /** Whoever sends the packet, a network card for instance, is to compute it: the field says nothing. */
    NOT_FILLED_IN
}
