/** Views of packet headers over byte buffers, link layers, checksums and sequence arithmetic. Uses java.base alone. */
package io.tcpcopy.packet;
