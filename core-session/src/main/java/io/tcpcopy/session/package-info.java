/**
 * The TCP session: how captured client connections are replayed towards targets, without I/O, clock or native code. The
 * programs come in by {@link io.tcpcopy.session.SessionEngine} with packets, responses and time; packets leave by
 * {@link io.tcpcopy.session.base.TargetLink}, routes by {@link io.tcpcopy.session.base.Routes}. The rooms below, each of
 * which uses only those before it:
 *
 * <pre>
 *  base        what all share: settings, counters, who is meant
 *  ledger      what became of every byte
 *  arrival     views of what arrives: client packets, responses
 *  admit       which client packets are taken, as whose
 *  window      the packets of a session that the target has not acknowledged
 *  emit        the bytes of packets that leave
 *  pace        how the client of a session went on
 *  connection  one session: its variables, its concerns, its four doors
 *  table       all sessions, those that have ended, their ports and memory
 *  shed        connections that are left out under overload
 *  udp         copies of datagrams, which need no session (uses base, arrival and admit)
 * </pre>
 */
package io.tcpcopy.session;
