/**
 * The main class of the intercept daemon, which captures the responses that the target host routes here and returns their
 * headers to the tcpcopy that waits for them. Only the launcher comes in, by the name of the class; no other package uses
 * this one. What leaves is the exit status of the process.
 */
package io.tcpcopy.intercept;
