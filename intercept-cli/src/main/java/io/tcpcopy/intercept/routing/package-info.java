/**
 * Which tcpcopy gets a captured response: a {@link io.tcpcopy.intercept.routing.Routing} of either kind, with the tables of
 * routes and of responses that wait for one. Serve comes in with captured packets and with the routes that tcpcopys send,
 * options only for the values that an option names. Response records leave, each for the
 * {@link io.tcpcopy.intercept.routing.RouteOwner} of its route.
 */
package io.tcpcopy.intercept.routing;
