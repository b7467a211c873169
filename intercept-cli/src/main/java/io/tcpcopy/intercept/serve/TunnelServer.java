package io.tcpcopy.intercept.serve;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.options.AllowList;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.intercept.report.InterceptMetric;
import io.tcpcopy.intercept.routing.Routing;
import io.tcpcopy.logging.RateLimitedLog;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.connection.ConnectionFactory;
import io.tcpcopy.loop.connection.Listener;
import io.tcpcopy.loop.connection.WhenFull;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.net.ByteStream;
import io.tcpcopy.net.Network;
import io.tcpcopy.net.StartException;
import io.tcpcopy.tunnel.RouteMessage;
import io.tcpcopy.tunnel.TunnelFormat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of all tcpcopys. Whatever one of them does ends its own connection at most. */
final class TunnelServer implements AutoCloseable {
    /** The most connections at one time. */
    static final int MAX_CONNECTIONS = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(TunnelServer.class);

    /**
     * Connections with a large queue: more than the tcpcopys of a site need. It is the number and not the memory in use
     * that decides, so that all queues together are bounded, whatever their owners do: by 32 MB and 31 MB, and their memory by
     * twice as much.
     */
    static final int LARGE_QUEUES = 32;
    /** Half a second of 30,000 records a second, beyond what the kernel holds. */
    static final int LARGE_QUEUE_BYTES = 1 << 20;
    /** 500 records beyond what the kernel holds. */
    static final int SMALL_QUEUE_BYTES = 32 << 10;

    /** The parallel connections of a tcpcopy or two, which come and go together. */
    private static final int CONNECTION_LINES_PER_SECOND = 4;

    private final EventLoop loop;
    private final Routing routing;
    private final AllowList allowed;
    private final TunnelFormat format;
    private final int maxRecords;
    private final Counters<InterceptCounter> counters;
    private final ConnectionFactory largeQueues;
    private final ConnectionFactory smallQueues;
    private final Listener listener;
    private final List<TcpcopyConnection> connections = new ArrayList<>();
    /** A connection can end while a response is being routed, so its routes are only taken out at the end of the turn. */
    private final List<TcpcopyConnection> ended = new ArrayList<>();

    // A peer that connects again and again must not fill the disk, nor hold up the loop.
    private final RateLimitedLog connectLog = new RateLimitedLog(LOG, CONNECTION_LINES_PER_SECOND);
    private final RateLimitedLog endLog = new RateLimitedLog(LOG, CONNECTION_LINES_PER_SECOND);
    private final RateLimitedLog tooOldLog = new RateLimitedLog(LOG);
    private final RateLimitedLog versionLog = new RateLimitedLog(LOG);
    private final RateLimitedLog refusalLog = new RateLimitedLog(LOG);
    private final RateLimitedLog notAllowedLog = new RateLimitedLog(LOG);
    private final RateLimitedLog dropLog = new RateLimitedLog(LOG);
    private final RateLimitedLog typeLog = new RateLimitedLog(LOG);
    private long sendsOfEnded;

    /**
     * Listens from now on.
     *
     * @param allowed who may connect
     * @param maxRecords the most records in one batch
     * @throws StartException when the address is taken, or is none of this host's
     */
    TunnelServer(
            EventLoop loop,
            Network network,
            Endpoint endpoint,
            Routing routing,
            AllowList allowed,
            TunnelFormat format,
            int maxRecords,
            Counters<InterceptCounter> counters)
            throws StartException {
        this.loop = loop;
        this.routing = routing;
        this.allowed = allowed;
        this.format = format;
        this.maxRecords = maxRecords;
        this.counters = counters;
        largeQueues = new ConnectionFactory(loop, network, LARGE_QUEUE_BYTES, WhenFull.DROP_OLDEST);
        smallQueues = new ConnectionFactory(loop, network, SMALL_QUEUE_BYTES, WhenFull.DROP_OLDEST);
        listener = new Listener(loop, network, endpoint, this::accepted);
        loop.onTurnEnd(this::endTurn);
    }

    /** Where it listens. */
    Endpoint local() {
        return listener.local();
    }

    /** Adds what is counted of connections. */
    void addTo(Metrics metrics) {
        metrics.add(InterceptMetric.CONNECTIONS, connections::size)
                .add(InterceptMetric.WRITES, this::sends)
                .add(InterceptMetric.ACCEPT_FAILURES, listener::failures);
    }

    private long sends() {
        long sends = sendsOfEnded;
        for (TcpcopyConnection connection : connections) {
            sends += connection.sends();
        }
        return sends;
    }

    /** All connections, the oldest first. */
    List<TcpcopyConnection> connections() {
        return Collections.unmodifiableList(connections);
    }

    /** Ends all connections; what the kernel has not taken by then is lost. */
    @Override
    public void close() {
        listener.close();
        connections.forEach(connection -> connection.close("intercept stops"));
        removeEnded();
    }

    /** Records will not arrive: the queue was full, or the connection has ended. */
    void dropped(TcpcopyConnection connection, int records) {
        counters.add(InterceptCounter.RECORDS_DROPPED, records);
        if (dropLog.admits(loop.nowNs())) {
            dropLog.warn("the tcpcopy of " + connection.peer()
                    + " does not read fast enough, or is gone: response records are dropped, "
                    + counters.get(InterceptCounter.RECORDS_DROPPED) + " so far");
        }
    }

    /** A connection does not begin with a version; it is about to be closed. */
    void tooOld(TcpcopyConnection connection) {
        if (tooOldLog.admits(loop.nowNs())) {
            tooOldLog.error("the tcpcopy of " + connection.peer() + " is too old: it announces no version");
        }
    }

    /** A tcpcopy has announced another version than ours. */
    void otherVersion(TcpcopyConnection connection, int version) {
        if (versionLog.admits(loop.nowNs())) {
            versionLog.warn("the tcpcopy of " + connection.peer() + " speaks version " + version
                    + " of the protocol, not " + RouteMessage.VERSION);
        }
    }

    /** A tcpcopy has sent a message that means nothing here. */
    void unknownType(TcpcopyConnection connection, int type) {
        if (typeLog.admits(loop.nowNs())) {
            typeLog.warn("message of unknown type " + type + " from the tcpcopy of " + connection.peer() + " ignored");
        }
    }

    /** A connection has ended. */
    void ended(TcpcopyConnection connection, String reason) {
        ended.add(connection);
        if (endLog.admits(loop.nowNs())) {
            endLog.info("tcpcopy disconnected: " + connection.peer() + ": " + reason);
        }
    }

    private void accepted(ByteStream stream) {
        Endpoint peer = stream.peer();
        if (!allowed.admits(peer.address())) {
            counters.increment(InterceptCounter.CONNECTIONS_NOT_ALLOWED);
            stream.close();
            if (notAllowedLog.admits(loop.nowNs())) {
                notAllowedLog.warn("connection from " + peer + " refused: --allow does not list it");
            }
            return;
        }
        if (connections.size() - ended.size() == MAX_CONNECTIONS && !replaceSilent()) {
            counters.increment(InterceptCounter.CONNECTIONS_REFUSED);
            stream.close();
            if (refusalLog.admits(loop.nowNs())) {
                refusalLog.warn("connection from " + peer + " refused: there are " + MAX_CONNECTIONS + " already");
            }
            return;
        }
        counters.increment(InterceptCounter.CONNECTIONS);
        ConnectionFactory factory = connections.size() < LARGE_QUEUES ? largeQueues : smallQueues;
        connections.add(new TcpcopyConnection(this, routing, format, maxRecords, counters, factory, stream));
        if (connectLog.admits(loop.nowNs())) {
            connectLog.info("tcpcopy connected: " + peer);
        }
    }

    /**
     * Whoever connects and says nothing has a place only until another needs it: that which is silent for longest ends. A
     * tcpcopy announces its version at once, and may then be silent for as long as its clients are.
     *
     * @return whether there was such a connection
     */
    private boolean replaceSilent() {
        for (TcpcopyConnection connection : connections) {
            if (connection.isSilent()) {
                counters.increment(InterceptCounter.CONNECTIONS_REPLACED);
                connection.close("it announces no version, and another connection needs its place");
                return true;
            }
        }
        return false;
    }

    private void endTurn() {
        for (int i = 0; i < connections.size(); i++) {
            connections.get(i).flush();
        }
        removeEnded();
    }

    private void removeEnded() {
        for (TcpcopyConnection connection : ended) {
            routing.left(connection);
            connections.remove(connection);
            sendsOfEnded += connection.sends();
        }
        ended.clear();
    }
}
