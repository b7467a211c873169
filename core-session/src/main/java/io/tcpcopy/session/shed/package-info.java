/**
 * Connections that are left out, since more come than can be copied: which, how many, and what becomes of their packets. The engine
 * comes in with each client packet, with what the capture manages, and once a turn. Verdicts leave, and the payload that is left out
 * goes into the ledger.
 */
package io.tcpcopy.session.shed;
