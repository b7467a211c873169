/**
 * One session: a client connection as it is replayed towards its target. The engine comes in by the four doors of
 * {@link io.tcpcopy.session.connection.Session}: a client packet, a response, the time, and when it is wanted again. Packets and
 * routes leave by {@code Output}; the ledger has what became of the payload.
 *
 * <p>{@code Tcb} holds the variables of RFC 9293 and names who writes each of them. {@code Sender} and {@code Receiver} are the two
 * halves of TCP towards the target; {@code ClientSegments} takes what the client sends, {@code ClientReset} its RSTs; {@code Requests}
 * knows where its requests begin; {@code ClientStream} tells whether a packet is of the client's connection. {@code Handshake},
 * {@code RequestPacing}, {@code DelayedAck}, {@code Retransmission}, {@code Gap}, {@code Closing}, {@code EarlyEnds} and
 * {@code Reconnect} know the rules of one matter each. {@code Session} asks them, in the order of the RFC.
 */
package io.tcpcopy.session.connection;
