/**
 * Tries the whole way to a target and back with one handshake for each address: --probe. The program comes in with its settings; findings
 * leave on standard output.
 */
package io.tcpcopy.tcpcopy.probe;
