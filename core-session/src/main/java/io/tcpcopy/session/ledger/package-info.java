/**
 * What became of every byte and every request of the clients: delivered, waiting, or dropped for a reason. Whoever takes,
 * holds or drops payload enters it here. Two accounts that are kept apart leave, the ledger and what the windows hold, so that
 * one proves the other.
 */
package io.tcpcopy.session.ledger;
