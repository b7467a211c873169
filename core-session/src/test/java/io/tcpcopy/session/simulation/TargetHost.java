package io.tcpcopy.session.simulation;

import java.util.ArrayList;
import java.util.List;

/** The target as one client port sees it: a server for each connection that the client makes, one after the other. */
final class TargetHost {
    private final List<TargetServer> servers = new ArrayList<>();
    private TargetServer current;

    void add(TargetServer server) {
        servers.add(server);
        if (current == null) {
            current = server;
        }
    }

    /** Takes a packet: a SYN goes to the server that expects its number, as soon as the one before has closed. */
    void take(TcpPacket packet) {
        if (packet.isSyn() && current.isClosed()) {
            for (TargetServer server : servers) {
                if (server.expects(packet)) {
                    current = server;
                }
            }
        }
        current.take(packet);
    }
}
