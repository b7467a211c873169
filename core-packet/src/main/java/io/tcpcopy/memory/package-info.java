/**
 * What the process takes: how much memory, and for what; processor time. Used by the programs; uses metrics and logging. It gives the numbers, and
 * their line in the statistics.
 */
package io.tcpcopy.memory;
