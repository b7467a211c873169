/**
 * What end-to-end tests, demo and bench share: the hosts of {@code scripts/lab} with the processes on them, traffic for
 * them (a client that numbers its requests, a server that records them), and the comparison of what arrived where. It
 * uses nothing but the JDK; only what makes trouble needs more: package {@code badnetwork}, {@code SynFlood} and
 * {@code TunnelNoise}.
 */
package io.tcpcopy.lab;
