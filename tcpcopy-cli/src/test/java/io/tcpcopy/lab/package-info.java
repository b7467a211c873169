/**
 * Traffic for the lab: a client that numbers its requests, a server that records them, and the comparison of what
 * arrived where. They run as processes of their own on the hosts of {@code scripts/lab} and use nothing but the JDK.
 */
package io.tcpcopy.lab;
