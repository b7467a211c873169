/**
 * The life cycle of a program: errors and exit statuses, the log, signals, detaching, the PID file, systemd. Used by
 * the programs alone. It gives the exit status, and writes the lines of the log.
 */
package io.tcpcopy.daemon;
