package io.tcpcopy.flow;

/** To which version of the Internet Protocol an address belongs. There is one so far. */
public enum AddressFamily {
    /** RFC 791: addresses of 32 bits. */
    IPV4
}
