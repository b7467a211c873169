/**
 * Captures on devices through a ring of frames that the kernel fills (packet(7)). Used by the programs through its settings
 * alone.
 */
package io.tcpcopy.capture.ring;
