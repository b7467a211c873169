package io.tcpcopy.loop.connection;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.net.ByteStream;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.Network;
import java.nio.ByteOrder;

/** Makes the connections of a loop: they share the memory into which they read, that of their queues, and one rule for full queues. */
public final class ConnectionFactory {
    /** What a connection reads at once: {@link EventLoop#MAX_ITEMS} of the tunnel's smallest records, 64 bytes each. */
    private static final int READ_BYTES = EventLoop.MAX_ITEMS * 64;

    private final EventLoop loop;
    private final Network network;
    private final int maxQueuedBytes;
    private final WhenFull whenFull;
    private final QueueMemory queueMemory = new QueueMemory();
    private final NativeMemory readMemory = NativeMemory.allocate(READ_BYTES, ByteOrder.BIG_ENDIAN);

    /**
     * A factory for one kind of connection.
     *
     * @param maxQueuedBytes how much may wait in the queue of each, at most 256 MB
     * @param whenFull what becomes of messages beyond that
     */
    public ConnectionFactory(EventLoop loop, Network network, int maxQueuedBytes, WhenFull whenFull) {
        this.loop = loop;
        this.network = network;
        this.maxQueuedBytes = maxQueuedBytes;
        this.whenFull = whenFull;
    }

    /**
     * Begins to connect. {@link ConnectionHandler#connected} or {@link ConnectionHandler#closed} follows in a later turn,
     * after 10 seconds at the latest.
     */
    public Connection connect(Endpoint peer, ConnectionHandler handler) {
        ByteStream stream = network.connect(peer);
        Connection connection = connection(stream, true, handler);
        if (stream.fd() >= 0) {
            connection.start(loop);
        } else {
            loop.timer(() -> connection.end(-stream.fd())).schedule(0);
        }
        return connection;
    }

    /**
     * Takes over a connection that a {@link Listener} has accepted.
     *
     * @param stream which the connection closes in the end
     */
    public Connection accepted(ByteStream stream, ConnectionHandler handler) {
        Connection connection = connection(stream, false, handler);
        connection.start(loop);
        return connection;
    }

    private Connection connection(ByteStream stream, boolean connecting, ConnectionHandler handler) {
        return new Connection(
                stream, connecting, handler, new MessageQueue(maxQueuedBytes, queueMemory), whenFull, readMemory);
    }
}
