/** Clocks of the kernel that Java has not. Used by the programs; uses net for the call. */
package io.tcpcopy.clock;
