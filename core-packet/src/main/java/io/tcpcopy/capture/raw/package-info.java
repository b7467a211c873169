/**
 * Captures at the IP layer, through a raw socket. Used by the programs, for the settings. It gives sources.
 */
package io.tcpcopy.capture.raw;
