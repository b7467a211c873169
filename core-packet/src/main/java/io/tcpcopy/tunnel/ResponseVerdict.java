package io.tcpcopy.tunnel;

/** What a captured packet is to those who look for responses; in the order in which it is looked at. */
public enum ResponseVerdict {
    /** Its IPv4 header is impossible, or was not captured in full. */
    INVALID_IPV4,
    /** Of another protocol than TCP. */
    NOT_TCP,
    /** A fragment of a TCP segment: a later part has no TCP header, and the first does not tell the length. */
    FRAGMENT,
    /** Its TCP header is impossible, was not captured in full, or is not covered by the total length. */
    INVALID_TCP,
    /** Damaged on its way, as far as its checksum tells: nothing in it can be believed. */
    BAD_CHECKSUM,
    /** A segment with both of its headers, of which there are records. Not all of its payload need be captured. */
    WHOLE
}
