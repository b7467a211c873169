/** The tcpcopy daemon: its options, its connections to the intercepts, its statistics, and how all of it is wired. */
package io.tcpcopy.tcpcopy;
