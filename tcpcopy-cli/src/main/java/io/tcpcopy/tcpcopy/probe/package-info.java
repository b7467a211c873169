/**
 * Tries the whole way to the targets and back with one handshake for each address: --probe. The program comes in with its settings;
 * findings leave on standard output, and for each address a SYN and an RST to each target.
 */
package io.tcpcopy.tcpcopy.probe;
