/**
 * Injects packets through a raw socket, with the guard that keeps the kernel from answering them to real clients. Used
 * by tcpcopy. Packets leave by the kernel's routes, for targets whose next hop answers.
 */
package io.tcpcopy.inject.raw;
