package io.tcpcopy.intercept.serve;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.intercept.routing.RouteOwner;
import io.tcpcopy.intercept.routing.Routing;
import io.tcpcopy.loop.connection.Connection;
import io.tcpcopy.loop.connection.ConnectionFactory;
import io.tcpcopy.loop.connection.ConnectionHandler;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.net.ByteStream;
import io.tcpcopy.tunnel.RouteHandler;
import io.tcpcopy.tunnel.RouteMessage;
import io.tcpcopy.tunnel.RouteReader;
import io.tcpcopy.tunnel.TunnelFormat;
import java.nio.ByteBuffer;

/** One connection of a tcpcopy: what is routed to it goes back there. */
final class TcpcopyConnection extends RouteOwner implements ConnectionHandler, RouteHandler {
    private final TunnelServer server;
    private final Routing routing;
    private final TunnelFormat format;
    private final Connection connection;
    private final RouteReader reader = new RouteReader(this);
    private final RecordBatcher batcher;

    /**
     * Takes over a connection that was accepted.
     *
     * @param server hears what becomes of the connection
     * @param maxRecords the most records in one batch
     * @param factory decides how much the queue of this connection holds
     * @param stream which is closed with the connection
     */
    TcpcopyConnection(
            TunnelServer server,
            Routing routing,
            TunnelFormat format,
            int maxRecords,
            Counters<InterceptCounter> counters,
            ConnectionFactory factory,
            ByteStream stream) {
        this.server = server;
        this.routing = routing;
        this.format = format;
        this.connection = factory.accepted(stream, this);
        this.batcher = new RecordBatcher(format, maxRecords, counters, connection::write);
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

    @Override
    public Address address() {
        return peer().address();
    }

    @Override
    public void close(String reason) {
        connection.close(reason);
    }

    @Override
    public void append(ByteBuffer buffer, int offset) {
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
        server.dropped(this, format.recordsIn(length));
    }

    @Override
    public void closed(int errno, String reason) {
        server.ended(this, reason);
    }

    @Override
    public void version(int version) {
        if (version != RouteMessage.VERSION) {
            server.otherVersion(this, version);
        }
        routing.joined(this);
    }

    @Override
    public void addRoute(Flow flow) {
        routing.addRoute(flow, this);
    }

    @Override
    public void deleteRoute(Flow flow) {
        routing.deleteRoute(flow, this);
    }

    @Override
    public void unknownType(int type) {
        server.unknownType(this, type);
    }
}
