/**
 * How the client of one session went on: its round trip to the online server, what it had got when it sent something, its pauses. From
 * that follows what a copy may do likewise. Nothing here sends or waits: {@code RequestPacing} asks.
 */
package io.tcpcopy.session.pace;
