/** Counters that one thread writes and others may read at any time. */
package io.tcpcopy.counters;
