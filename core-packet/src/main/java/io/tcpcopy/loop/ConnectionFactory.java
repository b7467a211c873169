package io.tcpcopy.loop;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.TcpSocket;
import java.nio.ByteOrder;

/** Makes the connections of a loop: they share the memory into which they read, and one rule for full queues. */
public final class ConnectionFactory {
    /** What a connection reads in one turn: {@link EventLoop#MAX_ITEMS} of the tunnel's smallest records, 64 bytes each. */
    private static final int READ_BYTES = EventLoop.MAX_ITEMS * 64;

    private final EventLoop loop;
    private final int maxQueuedBytes;
    private final WhenFull whenFull;
    private final NativeMemory readMemory = NativeMemory.allocate(READ_BYTES, ByteOrder.BIG_ENDIAN);

    /**
     * A factory for one kind of connection.
     *
     * @param maxQueuedBytes how much may wait in the queue of each, at most 256 MB
     * @param whenFull what becomes of messages beyond that
     */
    public ConnectionFactory(EventLoop loop, int maxQueuedBytes, WhenFull whenFull) {
        this.loop = loop;
        this.maxQueuedBytes = maxQueuedBytes;
        this.whenFull = whenFull;
    }

    /**
     * Begins to connect. {@link ConnectionHandler#connected} or {@link ConnectionHandler#closed} follows in a later turn,
     * after 10 seconds at the latest.
     */
    public Connection connect(Endpoint peer, ConnectionHandler handler) {
        int fd = TcpSocket.connect(peer);
        Connection connection = connection(fd, peer, true, handler);
        if (fd >= 0) {
            connection.start(loop);
        } else {
            loop.timer(() -> connection.close(Errno.message(-fd))).schedule(0);
        }
        return connection;
    }

    /**
     * Takes over a connection that a {@link Listener} has accepted.
     *
     * @param fd the descriptor, which the connection closes in the end
     */
    public Connection accepted(int fd, Endpoint peer, ConnectionHandler handler) {
        Connection connection = connection(fd, peer, false, handler);
        connection.start(loop);
        return connection;
    }

    private Connection connection(int fd, Endpoint peer, boolean connecting, ConnectionHandler handler) {
        MessageQueue queue = new MessageQueue(maxQueuedBytes);
        return new Connection(fd, peer, connecting, handler, queue, whenFull, readMemory);
    }
}
