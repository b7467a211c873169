/**
 * How much memory the process occupies, and for what. Used by the programs; uses metrics and logging. It gives the numbers, and
 * their line in the statistics.
 */
package io.tcpcopy.memory;
