/**
 * The ways to the targets, as the kernel has them: route, device, neighbour and IPsec policies, followed while the program runs. Used by
 * inject.raw and inject.frame, which send nothing to a next hop that does not answer, and by inject.open, which chooses
 * between them. It gives the state of each target's next hop.
 */
package io.tcpcopy.inject.route;
