/**
 * What all kinds of captures share: the source and the handler of packets, settings, filters, counters, and what can go wrong.
 * Used by the package of each kind, which implements it, and by the programs, which know a source by this package
 * alone. It gives IPv4 packets, in a view of packet's and a buffer that hold one until the next comes.
 */
package io.tcpcopy.capture;
