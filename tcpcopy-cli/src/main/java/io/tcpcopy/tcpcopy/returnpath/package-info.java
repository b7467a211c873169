/**
 * How responses come back, {@link io.tcpcopy.tcpcopy.returnpath.ReturnPath}: the connections to the intercepts, and the routes
 * that they carry. Copy comes in, to ask for responses and to hear whether they can come back; report names its numbers, and
 * options makes its settings. Route messages leave for the intercepts, and response records for the listener.
 */
package io.tcpcopy.tcpcopy.returnpath;
