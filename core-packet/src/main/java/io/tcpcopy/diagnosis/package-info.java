/**
 * The places where something can be lost, and which of them loses most, judged from snapshots of the numbers. Used by
 * the programs, which list their places; uses metrics alone. It gives one sentence for the log.
 */
package io.tcpcopy.diagnosis;
