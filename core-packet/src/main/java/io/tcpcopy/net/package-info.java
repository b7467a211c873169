/**
 * The kernel's interface: libc through jnr-ffi, for IPv4 on 64-bit Linux, with sockets, addresses, memory and error
 * numbers, and filters that libpcap compiles for sockets; and streams to other hosts, which a test replaces
 * ({@link io.tcpcopy.net.Network}). Used by every package that talks to the kernel; no other calls libc itself, but loop waits
 * through jnr-enxio, and capture.pcap and capture.file read with libpcap. Results are at least 0, or an errno with a minus sign.
 */
package io.tcpcopy.net;
