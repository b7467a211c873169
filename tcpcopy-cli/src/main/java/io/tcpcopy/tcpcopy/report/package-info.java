/**
 * What the program says of its numbers: the statistics, the place where most is lost, what became of all that was
 * captured, and a line that renews itself. Copy comes in, to have statistics written and the outcome taken, offline to read the
 * outcome, and the main class for the line. Lines leave for the log and the terminal.
 */
package io.tcpcopy.tcpcopy.report;
