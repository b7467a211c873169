package io.tcpcopy.session.simulation;

import io.tcpcopy.packet.Ipv4Address;

/** An IPv4 address with a port. */
record Endpoint(int address, int port) {
    @Override
    public String toString() {
        return Ipv4Address.format(address) + ":" + port;
    }
}
