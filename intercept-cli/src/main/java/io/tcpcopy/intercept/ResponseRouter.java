package io.tcpcopy.intercept;

import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.counters.Counters;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.ResponseEncoder;
import io.tcpcopy.tunnel.ResponseRecord;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/** Makes records of captured responses and gives them to the owners of their routes. */
final class ResponseRouter implements PacketHandler {
    private final RouteTable routes;
    private final DelayTable delays;
    private final Counters<InterceptCounter> counters;
    private final LongSupplier clockNs;

    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();
    private final ResponseEncoder encoder = new ResponseEncoder();
    private final ByteBuffer recordBytes = ByteBuffer.allocateDirect(ResponseRecord.HEADERS_LENGTH);
    private final ResponseRecord record = new ResponseRecord();

    /**
     * A router over two tables.
     *
     * @param clockNs the time of the loop's turn
     */
    ResponseRouter(RouteTable routes, DelayTable delays, Counters<InterceptCounter> counters, LongSupplier clockNs) {
        this.routes = routes;
        this.delays = delays;
        this.counters = counters;
        this.clockNs = clockNs;
    }

    @Override
    public void packet(ByteBuffer buffer, int offset, int length, int wireLength, long arrivalNs) {
        if (!isWholeResponse(buffer, offset, length)) {
            return;
        }
        counters.increment(InterceptCounter.RESPONSES);
        encoder.wrap(buffer, offset, wireLength);
        record.wrap(recordBytes, 0);
        Route route = routes.find(ip.destination(), tcp.destinationPort(), ip.source(), tcp.sourcePort());
        for (int part = 0; part < encoder.records(); part++) {
            encoder.write(part, recordBytes, 0);
            if (route != null) {
                forward(route);
            } else {
                keepOrCount();
            }
        }
    }

    /** Adds a route, and sends the records that waited for it. */
    void addRoute(int clientAddress, int clientPort, int targetAddress, int targetPort, RouteOwner owner) {
        long nowNs = clockNs.getAsLong();
        Route route = routes.add(clientAddress, clientPort, targetAddress, targetPort, owner, nowNs);
        while (delays.take(clientAddress, clientPort, targetAddress, targetPort, nowNs, record)) {
            counters.increment(InterceptCounter.DELAYED_SENT);
            forward(route);
        }
    }

    /** Lets a route end soon, if it still belongs to {@code owner}. */
    void deleteRoute(int clientAddress, int clientPort, int targetAddress, int targetPort, RouteOwner owner) {
        routes.delete(clientAddress, clientPort, targetAddress, targetPort, owner, clockNs.getAsLong());
    }

    private boolean isWholeResponse(ByteBuffer buffer, int offset, int length) {
        if (!ip.wrap(buffer, offset).isValid(length)) {
            counters.increment(InterceptCounter.INVALID);
            return false;
        }
        if (ip.protocol() != Ipv4Header.PROTOCOL_TCP) {
            counters.increment(InterceptCounter.NOT_TCP);
            return false;
        }
        counters.increment(InterceptCounter.TCP);
        if (ip.isFragment()) {
            counters.increment(InterceptCounter.FRAGMENTS);
            return false;
        }
        tcp.wrap(buffer, offset + ip.headerLength());
        int totalLength = ip.totalLength() == 0 ? length : ip.totalLength();
        if (!tcp.isValid(Math.min(length, totalLength) - ip.headerLength())) {
            counters.increment(InterceptCounter.INVALID);
            return false;
        }
        return true;
    }

    private void forward(Route route) {
        counters.increment(InterceptCounter.ROUTED);
        route.owner.append(record.buffer(), record.ip().offset());
        routes.used(route, record.tcp().has(TcpHeader.FIN | TcpHeader.RST), clockNs.getAsLong());
    }

    private void keepOrCount() {
        if (record.tcp().has(TcpHeader.SYN | TcpHeader.RST)) {
            delays.put(record, clockNs.getAsLong());
        } else if (record.tcp().has(TcpHeader.FIN)) {
            counters.increment(InterceptCounter.NOT_ROUTED_FIN);
        } else if (record.payloadLength() > 0) {
            counters.increment(InterceptCounter.NOT_ROUTED_PAYLOAD);
        } else {
            counters.increment(InterceptCounter.NOT_ROUTED_ACK);
        }
    }
}
