package io.tcpcopy.intercept;

import io.tcpcopy.counters.Counters;
import io.tcpcopy.packet.Ipv4Address;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.ResponseRecord;
import java.util.function.LongSupplier;

/** Any number of tcpcopys: each gets the responses that it has sent routes for. */
final class TableRouting implements Routing {
    private final RouteTable routes;
    private final DelayTable delays;
    private final boolean dnat;
    private final Counters<InterceptCounter> counters;
    private final NotRouted notRouted;
    private final LongSupplier clockNs;
    private final ResponseRecord delayed = new ResponseRecord();

    /**
     * A routing over two tables.
     *
     * @param dnat whether responses are known without the target's address
     * @param clockNs the time of the loop's turn
     */
    TableRouting(
            RouteTable routes,
            DelayTable delays,
            boolean dnat,
            Counters<InterceptCounter> counters,
            LongSupplier clockNs) {
        this.routes = routes;
        this.delays = delays;
        this.dnat = dnat;
        this.counters = counters;
        this.notRouted = new NotRouted(counters);
        this.clockNs = clockNs;
    }

    @Override
    public void response(ResponseRecord record) {
        int targetAddress = known(record.ip().source());
        Route route = routes.find(
                record.ip().destination(),
                record.tcp().destinationPort(),
                targetAddress,
                record.tcp().sourcePort());
        if (route != null) {
            forward(record, route);
        } else if (record.tcp().has(TcpHeader.SYN | TcpHeader.RST)) {
            delays.put(record, targetAddress, clockNs.getAsLong());
        } else {
            notRouted.count(record);
        }
    }

    @Override
    public void joined(RouteOwner owner) {
        // It gets nothing before its first route.
    }

    /** Sends the records that waited for the route as well. */
    @Override
    public void addRoute(int clientAddress, int clientPort, int targetAddress, int targetPort, RouteOwner owner) {
        long nowNs = clockNs.getAsLong();
        int address = known(targetAddress);
        Route route = routes.add(clientAddress, clientPort, address, targetPort, owner, nowNs);
        while (delays.take(clientAddress, clientPort, address, targetPort, nowNs, delayed)) {
            counters.increment(InterceptCounter.DELAYED_SENT);
            forward(delayed, route);
        }
    }

    /** Lets the route end soon, if it still belongs to {@code owner}. */
    @Override
    public void deleteRoute(int clientAddress, int clientPort, int targetAddress, int targetPort, RouteOwner owner) {
        routes.delete(clientAddress, clientPort, known(targetAddress), targetPort, owner, clockNs.getAsLong());
    }

    @Override
    public void left(RouteOwner owner) {
        routes.removeAllOf(owner);
    }

    @Override
    public boolean expire() {
        delays.expire(clockNs.getAsLong());
        return routes.expire(clockNs.getAsLong());
    }

    @Override
    public int routes() {
        return routes.size();
    }

    @Override
    public int delayed() {
        return delays.size();
    }

    /** What of the target's address is known to routes and responses alike. */
    private int known(int targetAddress) {
        return dnat ? Ipv4Address.ANY : targetAddress;
    }

    private void forward(ResponseRecord record, Route route) {
        counters.increment(InterceptCounter.ROUTED);
        route.owner.append(record.buffer(), record.ip().offset());
        routes.used(route, record.tcp().has(TcpHeader.FIN | TcpHeader.RST), clockNs.getAsLong());
    }
}
