/**
 * What all kinds of sinks share: the sink of packets, and its counters. Used by the package of each kind, which
 * implements it, and by tcpcopy, which knows a sink by this package alone. It gives counters of what became of the
 * packets.
 */
package io.tcpcopy.inject;
