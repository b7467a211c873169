/**
 * Copies of UDP datagrams, each by itself: nothing is remembered and nothing comes back. The programs come in by
 * {@link io.tcpcopy.session.udp.UdpCopy}, as they do by the engine for TCP. Datagrams, above the MTU as fragments, leave by
 * {@link io.tcpcopy.session.base.TargetLink}.
 */
package io.tcpcopy.session.udp;
