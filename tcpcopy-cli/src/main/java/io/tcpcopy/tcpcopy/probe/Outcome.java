package io.tcpcopy.tcpcopy.probe;

/** What became of a handshake. */
enum Outcome {
    /** Nothing yet. */
    WAITING,
    /** It was not begun, since no answer could have come back. */
    NOT_TRIED,
    /** The SYN has not left this host. */
    NOT_SENT,
    /** The target's SYN-ACK has come; an ordinary connection was accepted. */
    ANSWERED,
    /** An RST has come. */
    REFUSED,
    /** An answer has come from another end than the target. */
    ELSEWHERE,
    /** An answer has come that is for another connection of the same address and port. */
    OTHER_CONNECTION,
    /** Nothing has come. */
    SILENT,
    /** The kernel has given up an ordinary connection. */
    FAILED
}
