package io.tcpcopy.packet;

/** Which way a captured packet went, seen from the host that captured it. */
public enum Direction {
    /** The capture does not say. */
    UNKNOWN,
    /** A device of the host received it, for the host itself or for others. */
    INBOUND,
    /** The host sent it, or sent it on. */
    OUTBOUND
}
