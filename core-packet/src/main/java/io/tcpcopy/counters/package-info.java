/**
 * Counters, which one thread keeps and any thread may read, and snapshots of what they stood at. Used by every package
 * that counts, in all modules, and by diagnosis; uses java.base alone. It gives numbers; the lines of the log that show
 * them are called statistics.
 */
package io.tcpcopy.counters;
