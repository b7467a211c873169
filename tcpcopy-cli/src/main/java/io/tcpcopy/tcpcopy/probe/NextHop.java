package io.tcpcopy.tcpcopy.probe;

/**
 * Where this host sends packets for a target.
 *
 * @param text for people: {@code 10.0.0.254 on eth1}
 * @param answers whether its link address is known, or none is needed
 */
record NextHop(String text, boolean answers) {}
