/** What both programs share besides packets: command lines, log, errors and exit codes, stopping. For the CLIs alone. */
package io.tcpcopy.daemon;
