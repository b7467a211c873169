package io.tcpcopy.intercept.routing;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.metrics.Counters;
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
    /** The key under which the tables know the route or response at hand. */
    private final Flow flow = new Flow();

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
        record.readFlow(flow);
        dropUnknownAddress();
        Route route = routes.find(flow);
        if (route != null) {
            forward(record, route);
        } else if (record.tcp().has(TcpHeader.SYN | TcpHeader.RST)) {
            delays.put(record, flow, clockNs.getAsLong());
        } else {
            notRouted.count(record);
        }
    }

    @Override
    public boolean awaits(ResponseRecord record) {
        record.readFlow(flow);
        dropUnknownAddress();
        return routes.find(flow) != null;
    }

    @Override
    public void joined(RouteOwner owner) {
        // It gets nothing before its first route.
    }

    /** Sends the records that waited for the route as well. */
    @Override
    public void addRoute(Flow routed, RouteOwner owner) {
        long nowNs = clockNs.getAsLong();
        flow.copyFrom(routed);
        dropUnknownAddress();
        Route route = routes.add(flow, owner, nowNs);
        while (delays.take(flow, nowNs, delayed)) {
            counters.increment(InterceptCounter.DELAYED_SENT);
            forward(delayed, route);
        }
    }

    /** Lets the route end soon, if it still belongs to {@code owner}. */
    @Override
    public void deleteRoute(Flow routed, RouteOwner owner) {
        flow.copyFrom(routed);
        dropUnknownAddress();
        routes.delete(flow, owner, clockNs.getAsLong());
    }

    @Override
    public void left(RouteOwner owner) {
        routes.left(owner);
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

    /** With --dnat the target answers from another address than routes name, so its address is no part of the key. */
    private void dropUnknownAddress() {
        if (dnat) {
            flow.serverAddress(Address.ANY);
        }
    }

    private void forward(ResponseRecord record, Route route) {
        counters.increment(InterceptCounter.ROUTED);
        route.owner.append(record.buffer(), record.ip().offset());
        routes.used(route, record.tcp().flags(), clockNs.getAsLong());
    }
}
