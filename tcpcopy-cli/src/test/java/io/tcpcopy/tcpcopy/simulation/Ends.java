package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.flow.Endpoint;

/** Both ends of a connection. */
record Ends(Endpoint client, Endpoint server) {
    /** Those of a packet that a client sends. */
    static Ends ofClientPacket(TcpPacket packet) {
        return new Ends(packet.source(), packet.destination());
    }

    /** Those of a packet that a server sends. */
    static Ends ofServerPacket(TcpPacket packet) {
        return new Ends(packet.destination(), packet.source());
    }

    @Override
    public String toString() {
        return client + " to " + server;
    }
}
