/**
 * What all ways out of this host share: the sink of packets, the queue in front of a socket, the cutting into segments and
 * fragments, the counters. Used by the rooms of each way out, which give a socket ({@link io.tcpcopy.inject.Outlet}) and say
 * for which targets packets may leave ({@link io.tcpcopy.inject.TargetGate}), and by tcpcopy, which knows a sink by this
 * package alone.
 */
package io.tcpcopy.inject;
