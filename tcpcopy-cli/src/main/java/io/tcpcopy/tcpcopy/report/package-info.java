/**
 * What the program says of its numbers: the statistics, the place where most is lost, and what became of all that was
 * captured. Copy comes in, to have statistics written and the outcome taken, and offline to read the outcome. Lines leave
 * for the log.
 */
package io.tcpcopy.tcpcopy.report;
