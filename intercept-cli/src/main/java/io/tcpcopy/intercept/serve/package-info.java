/**
 * The daemon while it runs: capture, routing, the connections of the tcpcopys and the statistics, all of them on one loop.
 * The main class alone comes in, through {@link io.tcpcopy.intercept.serve.InterceptService}, which wires the other rooms.
 * Batches of response records leave for the tcpcopys, and lines for the log.
 */
package io.tcpcopy.intercept.serve;
