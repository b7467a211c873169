/**
 * What belongs to a question about this program: --report, and SIGUSR2 while it runs. The program comes in with its settings
 * and its command line; a {@link io.tcpcopy.collect.Report} leaves, which is then written.
 */
package io.tcpcopy.tcpcopy.collect;
