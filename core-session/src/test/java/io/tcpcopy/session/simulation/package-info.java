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
 *                                  replay ----- loss, delay ... -----> target
 *                                     ^                                  |
 *                                     +---- tunnel: loss, stalls <-------+
 * </pre>
 *
 * <p>Client, online server and target are the same TCP ({@code Host}, {@code Tcp}), which shares nothing with the session
 * machine but the views of headers. What they say is a {@code Plan}, drawn by lot; {@code Behaviour} names what may be
 * particular about it. The bytes of a stream follow from their place in it, so that the target knows which byte of which
 * connection it reads: {@code CopiedConnection} keeps which arrived. The clients' packets are captured where they arrive,
 * after the online path has lost some, so that real repetitions are among them.
 *
 * <p>{@code World} brings these together and checks after every step what must hold; {@code Weather} is how bad the
 * networks are.
 */
package io.tcpcopy.session.simulation;
