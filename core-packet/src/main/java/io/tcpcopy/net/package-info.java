/**
 * The kernel's interface: libc through jnr-ffi, for IPv4 on 64-bit Linux. No other package calls libc itself: the loop
 * waits through jnr-enxio, and capture calls libpcap. Results are at least 0, or an errno with a minus sign.
 */
package io.tcpcopy.net;
