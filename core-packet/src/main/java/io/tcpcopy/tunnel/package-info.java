/**
 * The bytes between tcpcopy and intercept: route messages from tcpcopy to intercept, response records in batches back,
 * which are made here of captured packets. Used by the programs, and by options for the modes; uses packet and flow
 * alone, and no socket: readers are fed what was received. What it writes, and the buffers that it hands over, are in
 * network byte order.
 */
package io.tcpcopy.tunnel;
