package io.tcpcopy.intercept;

import io.tcpcopy.counters.Counters;
import io.tcpcopy.logging.RateLimitedLog;
import io.tcpcopy.loop.ConnectionFactory;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.Listener;
import io.tcpcopy.loop.WhenFull;
import io.tcpcopy.net.Endpoint;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of all tcpcopys. Whatever one of them does ends its own connection at most. */
final class TunnelServer implements AutoCloseable {
    /** The most connections at one time. */
    static final int MAX_CLIENTS = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(TunnelServer.class);

    /** Half a second of 30,000 records a second, beyond what the kernel holds. */
    private static final int MAX_QUEUED_BYTES = 1 << 20;

    private final EventLoop loop;
    private final ResponseRouter router;
    private final RouteTable routes;
    private final int maxRecords;
    private final Counters<InterceptCounter> counters;
    private final ConnectionFactory connections;
    private final Listener listener;
    private final List<Client> clients = new ArrayList<>();
    /** A connection can end in the middle of anything, so its routes are only taken out between turns. */
    private final List<Client> ended = new ArrayList<>();

    private final RateLimitedLog refusalLog = new RateLimitedLog(LOG);
    private final RateLimitedLog dropLog = new RateLimitedLog(LOG);
    private final RateLimitedLog typeLog = new RateLimitedLog(LOG);
    private long sendsOfEnded;

    /**
     * Listens from now on.
     *
     * @param maxRecords the most records in one batch
     * @throws StartException when the address is taken, or is none of this host's
     */
    TunnelServer(
            EventLoop loop,
            Endpoint endpoint,
            ResponseRouter router,
            RouteTable routes,
            int maxRecords,
            Counters<InterceptCounter> counters)
            throws StartException {
        this.loop = loop;
        this.router = router;
        this.routes = routes;
        this.maxRecords = maxRecords;
        this.counters = counters;
        connections = new ConnectionFactory(loop, MAX_QUEUED_BYTES, WhenFull.DROP_OLDEST);
        listener = new Listener(loop, endpoint, this::accepted);
        loop.onTurnEnd(this::endTurn);
    }

    /** Where it listens. */
    Endpoint local() {
        return listener.local();
    }

    /** Bytes were handed to the kernel so many times. */
    long sends() {
        long sends = sendsOfEnded;
        for (Client client : clients) {
            sends += client.sends();
        }
        return sends;
    }

    /** Shows every connection. */
    void forEachClient(Consumer<Client> action) {
        clients.forEach(action);
    }

    /** Ends all connections; what the kernel has not taken by then is lost. */
    @Override
    public void close() {
        listener.close();
        clients.forEach(client -> client.close("intercept stops"));
        removeEnded();
    }

    /** Records will not arrive: the queue was full, or the connection has ended. */
    void dropped(Client client, int records) {
        counters.add(InterceptCounter.RECORDS_DROPPED, records);
        if (dropLog.admits(loop.nowNs())) {
            dropLog.warn("the tcpcopy of " + client.peer() + " does not read fast enough, or is gone: " + records
                    + " response records dropped");
        }
    }

    /** A tcpcopy has sent a message that means nothing here. */
    void unknownType(Client client, int type) {
        if (typeLog.admits(loop.nowNs())) {
            typeLog.warn("message of unknown type " + type + " from the tcpcopy of " + client.peer() + " ignored");
        }
    }

    /** A connection has ended. */
    void ended(Client client, String reason) {
        LOG.info("tcpcopy disconnected: {}: {}", client.peer(), reason);
        ended.add(client);
    }

    private void accepted(int fd, Endpoint peer) {
        if (clients.size() == MAX_CLIENTS) {
            counters.increment(InterceptCounter.CONNECTIONS_REFUSED);
            Libc.close(fd);
            if (refusalLog.admits(loop.nowNs())) {
                refusalLog.warn("connection from " + peer + " refused: there are " + MAX_CLIENTS + " already");
            }
            return;
        }
        clients.add(new Client(this, router, maxRecords, counters, connections, fd, peer));
        LOG.info("tcpcopy connected: {}", peer);
    }

    private void endTurn() {
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).flush();
        }
        removeEnded();
    }

    private void removeEnded() {
        for (Client client : ended) {
            routes.removeAllOf(client);
            clients.remove(client);
            sendsOfEnded += client.sends();
        }
        ended.clear();
    }
}
