/**
 * The event loop of a daemon, with its timers and what it measures of itself. Used by capture.open, the kinds of inject, observe and the
 * programs. It calls their sources and timers, all on the thread of the loop.
 */
package io.tcpcopy.loop;
