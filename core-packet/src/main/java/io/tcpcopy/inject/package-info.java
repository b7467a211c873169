/** Where packets leave for the target, and the guard that keeps the kernel from answering them to real clients. */
package io.tcpcopy.inject;
