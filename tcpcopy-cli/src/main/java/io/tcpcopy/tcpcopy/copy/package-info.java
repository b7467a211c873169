/**
 * The program while it runs: input, copier, injection and return path, all of them on one loop. The main class comes in
 * for a {@link io.tcpcopy.tcpcopy.copy.CopyLoop} of {@link io.tcpcopy.tcpcopy.copy.CopyParts}, options makes its settings,
 * and offline is one kind of {@link io.tcpcopy.tcpcopy.copy.Input}. Packets leave for the targets, and lines for the log.
 */
package io.tcpcopy.tcpcopy.copy;
