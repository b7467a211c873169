/** Deadlines: an intrusive heap whose next deadline is always known. Uses java.base alone. */
package io.tcpcopy.timer;
