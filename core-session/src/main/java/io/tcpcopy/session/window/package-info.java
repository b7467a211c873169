/**
 * The packets of one session that the target has not wholly acknowledged, in their order, and the pool that their memory comes
 * from. Sessions come in to insert, send and deliver; who writes a packet's bytes takes its memory here. What becomes of the
 * payload is entered in the ledger.
 */
package io.tcpcopy.session.window;
