/**
 * The bytes between tcpcopy and intercept: route messages one way, response records in batches the other way. All
 * integers are in network byte order, all buffers too. Nothing here reads a socket: readers are fed what came.
 */
package io.tcpcopy.tunnel;
