package io.tcpcopy.session;

/**
 * From where to where requests are copied.
 *
 * @param onlineAddress IPv4 address that clients talk to; 0 stands for any
 * @param onlinePort port that clients talk to
 * @param targetAddress IPv4 address of the test server
 * @param targetPort port of the test server
 */
public record Transfer(int onlineAddress, int onlinePort, int targetAddress, int targetPort) {}
