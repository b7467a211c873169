package io.tcpcopy.doctor;

/** How findings are written. */
public enum FindingFormat {
    /** All of them, for people. */
    HUMAN,
    /** A line for each that is not ok. */
    SHORT,
    /** All of them, for programs. */
    JSON
}
