/**
 * The numbers that a program gives of itself: each is declared once, with its name and what it means, counted by one
 * thread, and found in one registry, {@link io.tcpcopy.metrics.Metrics}. Used by every package that counts, in all
 * modules, and by diagnosis and report, which read; uses java.base alone. It gives numbers; the lines of the log that
 * show them are called statistics.
 */
package io.tcpcopy.metrics;
