package io.tcpcopy.session.connection;

/**
 * Where the connection to the target stands: the states of RFC 9293 as a client passes through them. Who has closed is kept
 * apart, in {@link Tcb}.
 */
enum TcpState {
    /** No SYN is out: the session waits to connect, or to connect again. */
    CLOSED,
    /** The SYN is out, and not answered. */
    SYN_SENT,
    /** The SYN was answered. */
    ESTABLISHED
}
