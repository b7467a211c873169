/**
 * Where packets come from: netfilter's queue, and network devices, these through pcap4j, and through JNA where pcap4j
 * leaves a gap. The only package that uses either.
 */
package io.tcpcopy.capture;
