/**
 * Where packets come from: network devices, through pcap4j, and through JNA where pcap4j leaves a gap. The only package
 * that uses either.
 */
package io.tcpcopy.capture;
