/**
 * Netlink sockets: routes, neighbours and devices of the kernel (rtnetlink), and the packets of netfilter's queue. Used
 * by inject.raw and inject.frame for the former, by capture.queue for the latter; uses net and flow. It gives values
 * and events; messages of netlink stay inside.
 */
package io.tcpcopy.net.netlink;
