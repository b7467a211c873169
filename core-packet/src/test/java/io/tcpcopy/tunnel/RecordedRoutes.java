package io.tcpcopy.tunnel;

import io.tcpcopy.packet.Ipv4Address;
import java.util.ArrayList;
import java.util.List;

/** Writes down in words what a {@link RouteReader} finds. */
final class RecordedRoutes implements RouteHandler {
    final List<String> events = new ArrayList<>();

    @Override
    public void version(int version) {
        events.add("version " + version);
    }

    @Override
    public void addRoute(int clientAddress, int clientPort, int targetAddress, int targetPort) {
        events.add("add " + ends(clientAddress, clientPort, targetAddress, targetPort));
    }

    @Override
    public void deleteRoute(int clientAddress, int clientPort, int targetAddress, int targetPort) {
        events.add("delete " + ends(clientAddress, clientPort, targetAddress, targetPort));
    }

    @Override
    public void unknownType(int type) {
        events.add("unknown " + type);
    }

    private static String ends(int clientAddress, int clientPort, int targetAddress, int targetPort) {
        return Ipv4Address.format(clientAddress) + ":" + clientPort + " " + Ipv4Address.format(targetAddress) + ":"
                + targetPort;
    }
}
