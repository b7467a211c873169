/** Where packets come from: network devices and capture files, through pcap4j. The only package that uses it. */
package io.tcpcopy.capture;
