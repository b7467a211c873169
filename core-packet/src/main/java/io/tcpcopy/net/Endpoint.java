package io.tcpcopy.net;

import io.tcpcopy.packet.Ipv4Address;

/**
 * An IPv4 address with a port.
 *
 * @param address the first number of the dotted form is the highest byte
 * @param port 0 to 65535
 */
public record Endpoint(int address, int port) {
    /** The form {@code 10.0.0.1:80}. */
    @Override
    public String toString() {
        return Ipv4Address.format(address) + ":" + port;
    }
}
