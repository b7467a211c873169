/**
 * The event loop of a daemon, with its timers and what it measures of itself, and connections on it that queue a bounded
 * number of bytes. Used by capture.open, the kinds of inject, and the programs. It calls their sources, timers and handlers,
 * all on the thread of the loop.
 */
package io.tcpcopy.loop;
