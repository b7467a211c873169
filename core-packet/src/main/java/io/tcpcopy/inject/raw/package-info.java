/**
 * Injects packets through a raw socket, with the watch that keeps the kernel from answering them to real clients. Used by
 * inject.open. Packets leave by the kernel's routes, for targets whose next hop answers and as long as nothing on this
 * host changes or refuses them.
 */
package io.tcpcopy.inject.raw;
