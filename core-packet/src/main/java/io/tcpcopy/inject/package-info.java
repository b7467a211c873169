/**
 * Where packets leave for the target: a raw socket, with the guard that keeps the kernel from answering them to real
 * clients, or a device, as Ethernet frames through pcap4j.
 */
package io.tcpcopy.inject;
