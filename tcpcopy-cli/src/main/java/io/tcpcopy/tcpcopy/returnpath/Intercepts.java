package io.tcpcopy.tcpcopy.returnpath;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.connection.ConnectionFactory;
import io.tcpcopy.loop.connection.WhenFull;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.net.Network;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.tunnel.ResponseRecord;
import io.tcpcopy.tunnel.RouteMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The intercepts and the parallel connections to each, which take turns: each carries the routes of {@value #SESSIONS_IN_A_ROW}
 * sessions, then the next one that is up does. Whenever a connection comes or
 * goes, the routes whose connection changes by that are sent again, before anything else.
 */
public final class Intercepts implements ReturnPath, Routes {
    /** Room for the routes of a million sessions at once. Beyond it a route is refused; none that was taken is dropped. */
    private static final int MAX_QUEUED_BYTES = 16 << 20;

    /**
     * Each connection that carries something costs both programs two system calls a turn, and the routes of short connections are deleted
     * thousands of sessions later, on the connection that carried them.
     */
    static final int SESSIONS_IN_A_ROW = 1 << 16;

    private final List<List<InterceptLink>> linksByIntercept = new ArrayList<>();
    private final ReturnPathSettings settings;
    private Listener listener;
    private int linksUp;
    private long refusedRoutes;

    /** Links that are not connected yet. */
    public Intercepts(EventLoop loop, Network network, ReturnPathSettings settings) {
        this.settings = settings;
        InterceptLink.Listener linkEvents = new LinkEvents();
        ConnectionFactory connections = new ConnectionFactory(loop, network, MAX_QUEUED_BYTES, WhenFull.REFUSE);
        for (Endpoint endpoint : settings.intercepts()) {
            List<InterceptLink> links = new ArrayList<>();
            for (int i = 0; i < settings.connectionsPerIntercept(); i++) {
                links.add(new InterceptLink(
                        loop, connections, endpoint, settings.mode().format(), this::response, linkEvents));
            }
            linksByIntercept.add(links);
        }
    }

    /** Begins to connect to all intercepts. */
    @Override
    public void start(Listener newListener) {
        listener = newListener;
        linksByIntercept.forEach(links -> links.forEach(InterceptLink::connect));
    }

    /** With {@code --single} the intercepts are told no routes. */
    @Override
    public Routes routes() {
        return settings.mode().single() ? new WithoutRoutes(this) : this;
    }

    @Override
    public boolean isUp() {
        return linksUp > 0;
    }

    @Override
    public List<Endpoint> intercepts() {
        return settings.intercepts();
    }

    @Override
    public List<Outage> outages() {
        return linksByIntercept.stream()
                .map(links -> links.stream().map(InterceptLink::outage).toList())
                .filter(outages -> outages.stream().allMatch(Optional::isPresent))
                .map(outages -> outages.get(0).orElseThrow())
                .toList();
    }

    @Override
    public boolean isIndispensable() {
        return !settings.lonely();
    }

    @Override
    public String description() {
        return "intercepts "
                + settings.intercepts().stream().map(Endpoint::toString).collect(Collectors.joining(","))
                + (settings.onTargets() ? " (on each target, as -s names none)" : "")
                + ", tunnel mode " + settings.mode();
    }

    @Override
    public void addTo(Metrics metrics) {
        metrics.add(TunnelMetric.CONNECTIONS, () -> linksUp).add(TunnelMetric.ROUTES_REFUSED, () -> refusedRoutes);
    }

    /** Ends all connections; what the kernel does not take at once of their queues is lost. */
    @Override
    public void close() {
        flush();
        linksByIntercept.forEach(links -> links.forEach(InterceptLink::close));
    }

    private void response(ResponseRecord record) {
        listener.response(record);
    }

    @Override
    public boolean add(int sessionNumber, Flow flow) {
        boolean told = false;
        for (int i = 0; i < linksByIntercept.size(); i++) {
            InterceptLink link = linkOf(linksByIntercept.get(i), sessionNumber, null);
            if (link != null) {
                told |= addRoute(link, flow);
            }
        }
        return told;
    }

    @Override
    public void remove(int sessionNumber, Flow flow) {
        for (int i = 0; i < linksByIntercept.size(); i++) {
            InterceptLink link = linkOf(linksByIntercept.get(i), sessionNumber, null);
            if (link != null) {
                link.send(RouteMessage.TYPE_DELETE, flow);
            }
        }
    }

    private boolean addRoute(InterceptLink link, Flow flow) {
        boolean sent = link.send(RouteMessage.TYPE_ADD, flow);
        refusedRoutes += sent ? 0 : 1;
        return sent;
    }

    /**
     * The connection to an intercept that carries a session's route, or null.
     *
     * @param alsoUp a connection to be taken for up although it is not; or null
     */
    private static InterceptLink linkOf(List<InterceptLink> links, int sessionNumber, InterceptLink alsoUp) {
        int first = Math.floorMod(Math.floorDiv(sessionNumber, SESSIONS_IN_A_ROW), links.size());
        for (int i = 0; i < links.size(); i++) {
            InterceptLink link = links.get((first + i) % links.size());
            if (link.isUp() || link == alsoUp) {
                return link;
            }
        }
        return null;
    }

    @Override
    public void flush() {
        for (int i = 0; i < linksByIntercept.size(); i++) {
            List<InterceptLink> links = linksByIntercept.get(i);
            for (int j = 0; j < links.size(); j++) {
                links.get(j).flush();
            }
        }
    }

    /** Sends the routes again that {@code changed} carries from now on, or did carry. */
    private void repeatRoutes(InterceptLink changed) {
        if (settings.mode().single()) {
            return;
        }
        for (List<InterceptLink> links : linksByIntercept) {
            if (links.contains(changed)) {
                listener.forEachRoute((sessionNumber, flow) -> {
                    InterceptLink now = linkOf(links, sessionNumber, null);
                    if (now != null && linkOf(links, sessionNumber, changed) == changed) {
                        addRoute(now, flow);
                    }
                });
            }
        }
    }

    /** What the links say of themselves. */
    private final class LinkEvents implements InterceptLink.Listener {
        @Override
        public void up(InterceptLink link) {
            linksUp++;
            repeatRoutes(link);
            linksByIntercept.stream()
                    .filter(links -> links.contains(link))
                    .flatMap(List::stream)
                    .forEach(InterceptLink::retryNow);
            if (linksUp == 1) {
                listener.reachable();
            }
        }

        @Override
        public boolean goesOnWithout(InterceptLink link) {
            return settings.lonely() || linksUp > 0;
        }

        @Override
        public void down(InterceptLink link, boolean wasUp, Code code, String reason) {
            if (wasUp) {
                linksUp--;
                repeatRoutes(link);
            }
            boolean allTried = linksByIntercept.stream().flatMap(List::stream).allMatch(InterceptLink::isTried);
            if (linksUp == 0 && allTried) {
                String remedy = settings.onTargets()
                        ? "; -s names none, so one is expected on each target: start intercept --traditional there, or name"
                                + " another host"
                        : "";
                listener.unreachable(code, "intercept " + link.endpoint() + ": " + reason + remedy);
            }
        }
    }
}
