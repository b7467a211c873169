/**
 * Which captured packets are taken, and as whose: transfers, samples, the clients' addresses and ports towards the targets.
 * The engine and the copier of datagrams come in with a flow as captured. A verdict leaves, and the flow of each copy.
 */
package io.tcpcopy.session.admit;
