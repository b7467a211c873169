/**
 * Addresses, endpoints, both endpoints of a connection as one value (a flow), and the map that finds things by it. Used
 * by every package that names hosts, in all modules; uses java.base and Agrona's maps alone. It gives values, and what
 * the map was given.
 */
package io.tcpcopy.flow;
