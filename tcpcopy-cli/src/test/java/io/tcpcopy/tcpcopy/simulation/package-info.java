/**
 * A world in one JVM, with a time of its own, in which everything follows from a seed. It proves that sessions lose
 * nothing, and finds what nobody thought of writing down as a dialogue.
 *
 * <pre>
 *  clients ----- loss, delay ... -----+---> online server
 *                                     |
 *                                  capture: drops, merges, begins late
 *                                     |
 *                                     v
 *                                  tcpcopy ----- loss, delay ... -----> target
 *                                     ^                                   |
 *                        tunnel: bytes in pieces, stalls, breaks      loss, delay ...
 *                                     |                                   |
 *                                 intercept <-----------------------------+
 * </pre>
 *
 * <p>tcpcopy and intercept are the programs as they are ({@code Programs}), made of parts in memory and turned by hand.
 * Client, online server and target are the same TCP ({@code Host}, {@code Tcp}), which shares nothing with the session
 * machine but the views of headers. What they say is a {@code Plan}, drawn by lot; {@code Behaviour} names what may be
 * particular about it. The bytes of a stream follow from their place in it, so that the target knows which byte of which
 * connection it reads: {@code CopiedConnection} keeps which arrived. The clients' packets are captured where they arrive,
 * after the online path has lost some, so that real repetitions are among them.
 *
 * <p>{@code World} brings these together and lets time pass; {@code Clients} opens the connections, {@code Paths} are the
 * networks, {@code Weather} is how bad they are, and {@code Expectations} is what must hold.
 *
 * <p>Only the order in which sessions act that do so at one time, when an intercept is back, differs from one virtual
 * machine to the next. So nothing of the clients' world is drawn by what is copied, and what befalls a packet on its way to
 * the target and back is the packet's own lot.
 */
package io.tcpcopy.tcpcopy.simulation;
