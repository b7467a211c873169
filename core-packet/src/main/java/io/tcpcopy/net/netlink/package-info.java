/**
 * Netlink sockets: routes, neighbours and devices of the kernel (rtnetlink), its IPsec policies, and the packets of netfilter's
 * queue. Used by inject.route and inject.frame for the former, by capture.queue for the last; uses net, flow and packet. It
 * gives values and events; messages of netlink stay inside.
 */
package io.tcpcopy.net.netlink;
