package io.tcpcopy.loop;

/** The order in which a turn reads what is ready; earlier constants first. */
public enum Priority {
    /** Connections between tcpcopy and intercept, and events from the kernel: they decide what becomes of packets. */
    TUNNEL,
    /** Captured packets. */
    CAPTURE
}
