/**
 * The intercept daemon: captures the responses that the target host routes here, and returns their headers to the
 * tcpcopy that waits for them.
 */
package io.tcpcopy.intercept;
