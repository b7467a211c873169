package io.tcpcopy.observe.http;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.connection.ConnectionFactory;
import io.tcpcopy.loop.connection.Listener;
import io.tcpcopy.loop.connection.WhenFull;
import io.tcpcopy.net.ByteStream;
import io.tcpcopy.net.Network;
import io.tcpcopy.net.StartException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Answers requests on a loop. It has few connections at a time: those beyond wait in the kernel's queue until one of these has ended,
 * which none can put off for longer than its time.
 */
public final class HttpServer implements AutoCloseable {
    /** Connections at a time. */
    public static final int MAX_CONNECTIONS = 16;

    /** The longest answer. */
    private static final int MAX_ANSWER = 256 << 10;

    private final EventLoop loop;
    private final HttpHandler handler;
    private final Listener listener;
    private final ConnectionFactory factory;
    private final Set<HttpConnection> connections = new LinkedHashSet<>();

    /**
     * Listens from now on, and answers when the loop turns.
     *
     * @throws StartException when the address is taken, or is none of this host's
     */
    public HttpServer(EventLoop loop, Network network, Endpoint endpoint, HttpHandler handler) throws StartException {
        this.loop = loop;
        this.handler = handler;
        factory = new ConnectionFactory(loop, network, MAX_ANSWER, WhenFull.REFUSE);
        listener = new Listener(loop, network, endpoint, this::accept);
        loop.onTurnEnd(this::endTurn);
    }

    /** The endpoint that it listens on; with the port that the kernel chose if 0 was asked for. */
    public Endpoint local() {
        return listener.local();
    }

    private void accept(ByteStream stream) {
        connections.add(new HttpConnection(loop, factory, stream, handler, this::ended));
        if (connections.size() == MAX_CONNECTIONS) {
            listener.suspend();
        }
    }

    private void ended(HttpConnection connection) {
        connections.remove(connection);
        listener.resume();
    }

    private void endTurn() {
        // Those that are answered leave the set.
        List.copyOf(connections).forEach(HttpConnection::proceed);
    }

    @Override
    public void close() {
        // Before the listener, which each that ends has accept again.
        List.copyOf(connections).forEach(connection -> connection.close("the program ends"));
        listener.close();
    }
}
