/**
 * Where packets come from: network devices, through pcap4j, and through JNA where pcap4j leaves a gap; the IP layer,
 * through a raw socket; or netfilter's queue.
 */
package io.tcpcopy.capture;
