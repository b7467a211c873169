/**
 * Injects packets through a raw socket, with the guard that keeps the kernel from answering them to real clients. Used
 * by tcpcopy. Packets leave by the kernel's routes, for targets whose next hop answers and as long as nothing on this
 * host changes or refuses them.
 */
package io.tcpcopy.inject.raw;
