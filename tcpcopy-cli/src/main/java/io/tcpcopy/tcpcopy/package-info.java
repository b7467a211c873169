/**
 * The main class of tcpcopy: it has the command line read, makes the copying service that it asks for, and gives it to the
 * life cycle of a daemon. Only the launcher comes in, by the name of the class; no other package uses this one. What leaves
 * is the exit status of the process.
 */
package io.tcpcopy.tcpcopy;
