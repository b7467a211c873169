/**
 * Captures on a device through libpcap: pcap4j opens devices and compiles filters, packets are read through JNA. Used
 * by the programs for the settings, by capture.file for the reader, by capture.raw and capture.open for the filter. It
 * gives sources, and filters that are checked or compiled.
 */
package io.tcpcopy.capture.pcap;
