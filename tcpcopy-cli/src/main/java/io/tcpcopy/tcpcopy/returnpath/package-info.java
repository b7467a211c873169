/**
 * How responses come back: the connections to the intercepts, and the routes that they carry. Copy comes in, to ask for
 * responses and to hear whether an intercept is connected; report reads its counters, and options makes its settings. Route
 * messages leave for the intercepts, and response records for the {@link io.tcpcopy.tunnel.ResponseHandler} that was handed
 * in.
 */
package io.tcpcopy.tcpcopy.returnpath;
