/**
 * Lines of the log: those that packets from outside may cause, with a limit, and those of statistics. Used by loop,
 * inject and the programs; uses slf4j alone. It writes to the logger that the caller names.
 */
package io.tcpcopy.logging;
