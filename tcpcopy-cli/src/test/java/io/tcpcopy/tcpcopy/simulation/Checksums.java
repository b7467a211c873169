package io.tcpcopy.tcpcopy.simulation;

/** What stands where the checksum of a captured packet belongs. */
enum Checksums {
    /** The checksum. */
    RIGHT,
    /** The sum of the pseudo header, where the card is to make the checksum. */
    UNFILLED,
    /** The one or the other. */
    SOME_UNFILLED,
    /** Another number: the capture was made anonymous. */
    WRONG
}
