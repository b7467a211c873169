/**
 * A heap of timers whose nearest deadline is always known. Used by the event loop and by the sessions of core-session;
 * uses java.base alone. It gives the timers that are due.
 */
package io.tcpcopy.timer;
