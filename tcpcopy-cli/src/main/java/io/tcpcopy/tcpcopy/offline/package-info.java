/**
 * The replay of a capture file: it is read, each packet is given to the copier when it is due, and progress and a summary
 * are written. The main class comes in for an {@link io.tcpcopy.tcpcopy.copy.Input.Opener}, which it hands to the copying
 * service, and options makes the settings. Packets leave for the copier, and the summary for people and programs.
 */
package io.tcpcopy.tcpcopy.offline;
