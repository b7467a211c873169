package io.tcpcopy.intercept;

import io.tcpcopy.counters.Counters;
import io.tcpcopy.loop.Connection;
import io.tcpcopy.loop.ConnectionFactory;
import io.tcpcopy.loop.ConnectionHandler;
import io.tcpcopy.net.Endpoint;
import io.tcpcopy.tunnel.RouteHandler;
import io.tcpcopy.tunnel.RouteReader;
import io.tcpcopy.tunnel.TunnelFormat;
import java.nio.ByteBuffer;

/** One connection of a tcpcopy: it owns the routes that came over it, and takes their responses back. */
final class Client extends RouteOwner implements ConnectionHandler, RouteHandler {
    private static final TunnelFormat FORMAT = TunnelFormat.COMBINED;

    private final TunnelServer server;
    private final ResponseRouter router;
    private final Connection connection;
    private final RouteReader reader = new RouteReader(this);
    private final RecordBatcher batcher;

    /**
     * Takes over a connection that was accepted.
     *
     * @param server hears what becomes of the connection
     * @param maxRecords the most records in one batch
     */
    Client(
            TunnelServer server,
            ResponseRouter router,
            int maxRecords,
            Counters<InterceptCounter> counters,
            ConnectionFactory connections,
            int fd,
            Endpoint peer) {
        this.server = server;
        this.router = router;
        this.connection = connections.accepted(fd, peer, this);
        this.batcher = new RecordBatcher(FORMAT, maxRecords, counters, connection::write);
    }

    Endpoint peer() {
        return connection.peer();
    }

    /** Whether the connection is open and nothing has come over it yet that tells a tcpcopy. */
    boolean isSilent() {
        return connection.isOpen() && !reader.hasVersion();
    }

    /** Records taken so far, those included that a full queue dropped. */
    long records() {
        return batcher.records();
    }

    /** Bytes that the kernel has not taken yet. */
    int queuedBytes() {
        return connection.queuedBytes();
    }

    /** How many times bytes were handed to the kernel. */
    long sends() {
        return connection.sends();
    }

    /** Hands what was gathered to the kernel, without waiting. */
    void flush() {
        batcher.flush();
        connection.flush();
    }

    void close(String reason) {
        connection.close(reason);
    }

    @Override
    void append(ByteBuffer buffer, int offset) {
        batcher.append(buffer, offset);
    }

    @Override
    public void connected() {
        throw new IllegalStateException("an accepted connection is connected from the start");
    }

    @Override
    public void received(ByteBuffer piece) {
        if (!reader.read(piece)) {
            server.tooOld(this);
            connection.close("too old");
        }
    }

    @Override
    public void dropped(int length) {
        server.dropped(this, FORMAT.recordsIn(length));
    }

    @Override
    public void closed(String reason) {
        server.ended(this, reason);
    }

    @Override
    public void otherVersion(int version) {
        server.otherVersion(this, version);
    }

    @Override
    public void addRoute(int clientAddress, int clientPort, int targetAddress, int targetPort) {
        router.addRoute(clientAddress, clientPort, targetAddress, targetPort, this);
    }

    @Override
    public void deleteRoute(int clientAddress, int clientPort, int targetAddress, int targetPort) {
        router.deleteRoute(clientAddress, clientPort, targetAddress, targetPort, this);
    }

    @Override
    public void unknownType(int type) {
        server.unknownType(this, type);
    }
}
