/** The one thread of a daemon: the event loop with its timers, and TCP connections on it. */
package io.tcpcopy.loop;
