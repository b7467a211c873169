/**
 * What can be wrong, by code: the places where something can be lost, and which of them loses most; the symptoms of a leg that is
 * broken, and how long they last. All of it is judged from snapshots of the numbers. Used by the programs, which list their places and
 * symptoms; uses metrics alone. It gives findings, one sentence each for the log.
 */
package io.tcpcopy.diagnosis;
