/**
 * The TCP session: how a captured client connection is replayed towards a target. No I/O, no clock, no native code: time
 * comes in with each call of {@link io.tcpcopy.session.Replay}; packets leave through
 * {@link io.tcpcopy.session.TargetLink} and routes through {@link io.tcpcopy.session.Routes}.
 *
 * <p>A {@link io.tcpcopy.session.Session} holds what TCP calls its variables; each concern has a class of its own beside
 * it. {@code Queueing} takes what the client sends, {@code Sending} sends it on, {@code Receiving} takes what the target
 * says; {@code Handshake}, {@code Pacing}, {@code Acknowledging}, {@code Retransmission}, {@code Gap}, {@code Closing} and
 * {@code Rebuild} know the rules of one matter each.
 */
package io.tcpcopy.session;
