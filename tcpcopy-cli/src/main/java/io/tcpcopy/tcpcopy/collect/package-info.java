/**
 * Collects what belongs to a question in an archive: --report, and SIGUSR2 while the program runs.
 */
package io.tcpcopy.tcpcopy.collect;
