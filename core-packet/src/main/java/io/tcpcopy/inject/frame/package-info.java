/**
 * Injects packets as Ethernet frames on a device, through a packet socket. Used by tcpcopy. Frames leave, with the addresses of
 * the settings.
 */
package io.tcpcopy.inject.frame;
