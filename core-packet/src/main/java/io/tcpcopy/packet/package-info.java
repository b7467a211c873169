/**
 * Views of packet headers over byte buffers, of a whole captured packet, the link layers in front of them, checksums and
 * sequence arithmetic. Used by every package that captures, reads or writes packets, in all modules; uses java.base
 * alone. It gives numbers and writes bytes, and keeps nothing of a packet.
 */
package io.tcpcopy.packet;
