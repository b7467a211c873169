/**
 * Conversations between a random client, the replay and a small model of a target, over a path that loses, delays and
 * reorders: they find what nobody thought of writing down as a dialogue. Time is simulated.
 */
package io.tcpcopy.session.simulation;
