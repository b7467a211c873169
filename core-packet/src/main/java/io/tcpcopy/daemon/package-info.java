/**
 * What both programs share besides packets: command lines, log, errors and exit codes, signals, life as a daemon. For the
 * CLIs alone.
 */
package io.tcpcopy.daemon;
