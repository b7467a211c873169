/**
 * The event loop of a daemon, with its timers, and TCP connections on it that queue a bounded number of bytes. Used by
 * capture.open, inject and its kinds, and the programs. It calls their sources, timers and handlers, all on the thread
 * of the loop.
 */
package io.tcpcopy.loop;
