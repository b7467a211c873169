package io.tcpcopy.tcpcopy;

import io.tcpcopy.loop.ConnectionFactory;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.WhenFull;
import io.tcpcopy.net.Endpoint;
import io.tcpcopy.session.Routes;
import io.tcpcopy.tunnel.ResponseHandler;
import io.tcpcopy.tunnel.RouteMessage;
import io.tcpcopy.tunnel.TunnelFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The intercepts and the parallel connections to each. A session's number in turn says which of an intercept's
 * connections carries its route: the one of that number, or the next one that is up. Whenever a connection comes or goes,
 * the routes whose connection changes by that are sent again, before anything else.
 */
final class Intercepts implements Routes, InterceptLink.Listener {
    /** Room for the routes of a million sessions at once: routes are never dropped. */
    private static final int MAX_QUEUED_BYTES = 16 << 20;

    private final List<List<InterceptLink>> servers = new ArrayList<>();
    private final boolean lonely;
    private Consumer<Routes.Visitor> sessions = visitor -> {};
    private Watcher watcher;
    private int linksUp;
    private boolean routesRepeated;
    private long refusedRoutes;

    /** Hears when there is an intercept, and when there is none. */
    interface Watcher {
        /** The first connection is up. */
        void reachable();

        /** No connection is up; {@code reason} says what became of the last one. */
        void unreachable(String reason);
    }

    /**
     * Links that are not connected yet.
     *
     * @param endpoints where the intercepts listen
     * @param parallel connections to each
     * @param lonely whether the program goes on while no intercept can be reached
     * @param format how responses come
     */
    Intercepts(
            EventLoop loop,
            List<Endpoint> endpoints,
            int parallel,
            boolean lonely,
            TunnelFormat format,
            ResponseHandler responses) {
        this.lonely = lonely;
        ConnectionFactory connections = new ConnectionFactory(loop, MAX_QUEUED_BYTES, WhenFull.REFUSE);
        for (Endpoint endpoint : endpoints) {
            List<InterceptLink> links = new ArrayList<>();
            for (int i = 0; i < parallel; i++) {
                links.add(new InterceptLink(loop, connections, endpoint, format, responses, this));
            }
            servers.add(links);
        }
        loop.onTurnEnd(this::flush);
    }

    /**
     * Begins to connect to all intercepts.
     *
     * @param allSessions shows the routes of all sessions
     */
    void start(Consumer<Routes.Visitor> allSessions, Watcher newWatcher) {
        sessions = allSessions;
        watcher = newWatcher;
        servers.forEach(links -> links.forEach(InterceptLink::connect));
    }

    /** Ends all connections. */
    void close() {
        flush();
        servers.forEach(links -> links.forEach(InterceptLink::close));
    }

    /** How many connections are up. */
    int linksUp() {
        return linksUp;
    }

    /** Routes that a full queue refused. */
    long refusedRoutes() {
        return refusedRoutes;
    }

    @Override
    public boolean add(int turn, int clientAddress, int clientPort, int targetAddress, int targetPort) {
        boolean told = false;
        for (int i = 0; i < servers.size(); i++) {
            InterceptLink link = linkOf(servers.get(i), turn, null);
            if (link != null) {
                told |= send(link, RouteMessage.TYPE_ADD, clientAddress, clientPort, targetAddress, targetPort);
            }
        }
        return told;
    }

    @Override
    public void remove(int turn, int clientAddress, int clientPort, int targetAddress, int targetPort) {
        for (int i = 0; i < servers.size(); i++) {
            InterceptLink link = linkOf(servers.get(i), turn, null);
            if (link != null) {
                link.send(RouteMessage.TYPE_DELETE, clientAddress, clientPort, targetAddress, targetPort);
            }
        }
    }

    private boolean send(InterceptLink link, int type, int clientAddress, int clientPort, int target, int port) {
        boolean sent = link.send(type, clientAddress, clientPort, target, port);
        refusedRoutes += sent ? 0 : 1;
        return sent;
    }

    /**
     * The connection to an intercept that carries a session's route, or null.
     *
     * @param alsoUp a connection to be taken for up although it is not; or null
     */
    private static InterceptLink linkOf(List<InterceptLink> links, int turn, InterceptLink alsoUp) {
        int first = Math.floorMod(turn, links.size());
        for (int i = 0; i < links.size(); i++) {
            InterceptLink link = links.get((first + i) % links.size());
            if (link.isUp() || link == alsoUp) {
                return link;
            }
        }
        return null;
    }

    @Override
    public void up(InterceptLink link) {
        linksUp++;
        repeatRoutes(link);
        if (linksUp == 1) {
            watcher.reachable();
        }
    }

    @Override
    public boolean goesOnWithout(InterceptLink link) {
        return lonely || linksUp > 0;
    }

    @Override
    public void down(InterceptLink link, boolean wasUp, String reason) {
        if (wasUp) {
            linksUp--;
            repeatRoutes(link);
        }
        boolean allTried = servers.stream().flatMap(List::stream).allMatch(InterceptLink::isTried);
        if (linksUp == 0 && allTried) {
            watcher.unreachable("intercept " + link.endpoint() + ": " + reason);
        }
    }

    /** Sends the routes again that {@code changed} carries from now on, or did carry. */
    private void repeatRoutes(InterceptLink changed) {
        routesRepeated = true;
        for (List<InterceptLink> links : servers) {
            if (links.contains(changed)) {
                sessions.accept((turn, clientAddress, clientPort, targetAddress, targetPort) -> {
                    InterceptLink now = linkOf(links, turn, null);
                    if (now != null && linkOf(links, turn, changed) == changed) {
                        send(now, RouteMessage.TYPE_ADD, clientAddress, clientPort, targetAddress, targetPort);
                    }
                });
            }
        }
    }

    /** A connection may fail at this, which queues routes on others that are flushed already: these go out too. */
    private void flush() {
        do {
            routesRepeated = false;
            for (int i = 0; i < servers.size(); i++) {
                List<InterceptLink> links = servers.get(i);
                for (int j = 0; j < links.size(); j++) {
                    links.get(j).flush();
                }
            }
        } while (routesRepeated);
    }
}
