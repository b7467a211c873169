/**
 * Injects packets as frames through a packet socket. Used by inject.open. Frames leave: to next hops as the kernel knows them
 * ({@link io.tcpcopy.inject.frame.FramePaths}), or with the addresses of the settings
 * ({@link io.tcpcopy.inject.frame.FixedPaths}).
 */
package io.tcpcopy.inject.frame;
