/**
 * Captures on a device through libpcap: pcap4j opens devices and sets filters, packets are read through JNA. Used by
 * the programs for the settings, and by capture.file for the reader and the filter.
 */
package io.tcpcopy.capture.pcap;
