/**
 * The bad network of {@code scripts/lab}: a program that takes the packets of a link from one device and sends them out at
 * another, later, twice, out of order or with a bit turned, in place of what a kernel without netem cannot do.
 *
 * <pre>
 * Control (a TCP port) -> BadNetwork -> Faults of each link
 *                             |           |
 * device -> PacketSocket -> Path: Frame -> DelayLine (one in order, one for what is late) -> PacketSocket -> device
 * </pre>
 */
package io.tcpcopy.lab.badnetwork;
