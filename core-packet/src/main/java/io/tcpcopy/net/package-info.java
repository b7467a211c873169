/**
 * The kernel's interface: libc through jnr-ffi, for IPv4 on 64-bit Linux. No other package calls native code, apart from
 * what pcap4j does. Results are at least 0, or an errno with a minus sign.
 */
package io.tcpcopy.net;
