/**
 * Collects what belongs to a question about a program and its host in an archive that may be passed on: only its reader
 * may open it, and addresses of others lose their end. Used by the programs, for --report and SIGUSR2; uses what the
 * host shows, findings and numbers. It gives a file.
 */
package io.tcpcopy.collect;
