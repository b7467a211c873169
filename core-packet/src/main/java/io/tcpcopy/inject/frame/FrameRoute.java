package io.tcpcopy.inject.frame;

import io.tcpcopy.flow.Address;

/**
 * How frames with the packets of a target are addressed.
 *
 * @param target address of the target
 * @param source Ethernet address that the frames come from: that of the outgoing device, as a 48-bit value
 * @param nextHop Ethernet address that the frames go to: the target's, or a router's
 */
public record FrameRoute(Address target, long source, long nextHop) {}
