package io.tcpcopy.intercept.serve;

import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.counters.CounterSnapshot;
import io.tcpcopy.counters.Counters;
import io.tcpcopy.diagnosis.Diagnosis;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.intercept.report.ResponseLosses;
import io.tcpcopy.intercept.routing.Routing;
import io.tcpcopy.logging.StatisticsLine;
import io.tcpcopy.loop.EventLoop;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the totals since start to the log: three lines in the original's wording, for people's scripts, then those that
 * the original lacks; at last, if any response was lost since the statistics before, where and what to do.
 */
final class StatisticsLog {
    private static final Logger LOG = LoggerFactory.getLogger(StatisticsLog.class);

    /** A thousand connections that do nothing would fill the log every 30 seconds; the oldest have a line of their own. */
    private static final int MAX_CONNECTION_LINES = 32;

    private final Counters<InterceptCounter> counters;
    private final Routing routing;
    private final TunnelServer server;
    private final List<PacketSource> sources;
    private final EventLoop loop;
    private final Diagnosis diagnosis;

    StatisticsLog(
            Counters<InterceptCounter> counters,
            Routing routing,
            TunnelServer server,
            List<PacketSource> sources,
            EventLoop loop) {
        this.counters = counters;
        this.routing = routing;
        this.server = server;
        this.sources = sources;
        this.loop = loop;
        this.diagnosis =
                new Diagnosis(ResponseLosses.places(() -> !server.connections().isEmpty()));
    }

    /** Writes all lines. */
    void write() {
        LOG.info(
                "total resp packs:{}, all:{}, route:{}, sock write cnt:{}",
                get(InterceptCounter.RESPONSES),
                get(InterceptCounter.TCP),
                get(InterceptCounter.ROUTES_ADDED),
                server.sends());
        LOG.info("cache hit:{},missed:0,lost:{}", get(InterceptCounter.ROUTED), lost());
        LOG.info(
                "search:{},extra compared:0,all sessions:{}",
                get(InterceptCounter.RESPONSES),
                get(InterceptCounter.ROUTES_ADDED));
        writeCapture();
        writeRoutes();
        writeConnections();
        if (loop.faults() > 0) {
            LOG.info("faults:{}", loop.faults());
        }
        diagnosis
                .of(new CounterSnapshot()
                        .put(ResponseLosses.Total.KERNEL_DROPS, kernelDrops())
                        .putAll(InterceptCounter.values(), counters::get))
                .ifPresent(LOG::warn);
    }

    private long kernelDrops() {
        return sources.stream().mapToLong(PacketSource::kernelDrops).sum();
    }

    private void writeCapture() {
        long notIpv4 = sources.stream().mapToLong(PacketSource::notIpv4).sum();
        write(new StatisticsLine("capture kernel drops", kernelDrops())
                .and("not ipv4", notIpv4)
                .and("not tcp", get(InterceptCounter.NOT_TCP))
                .and("invalid", get(InterceptCounter.INVALID))
                .and("frag", get(InterceptCounter.FRAGMENTS))
                .and(
                        "let through",
                        sources.stream().mapToLong(PacketSource::letThrough).sum()));
    }

    private void writeRoutes() {
        write(new StatisticsLine("routes held", routing.routes())
                .and("deleted", get(InterceptCounter.ROUTES_DELETED))
                .and("expired", get(InterceptCounter.ROUTES_EXPIRED))
                .and("evicted", get(InterceptCounter.ROUTES_EVICTED)));
        write(new StatisticsLine("not routed", notRouted())
                .and("payload", get(InterceptCounter.NOT_ROUTED_PAYLOAD))
                .and("fin", get(InterceptCounter.NOT_ROUTED_FIN))
                .and("ack", get(InterceptCounter.NOT_ROUTED_ACK))
                .and("syn or rst", get(InterceptCounter.NOT_ROUTED_SYN_RST)));
        write(new StatisticsLine("delayed", get(InterceptCounter.DELAYED))
                .and("sent", get(InterceptCounter.DELAYED_SENT))
                .and("expired", get(InterceptCounter.DELAYED_EXPIRED))
                .and("overwritten", get(InterceptCounter.DELAYED_OVERWRITTEN))
                .and("waiting", routing.delayed()));
        write(new StatisticsLine("batches", get(InterceptCounter.BATCHES))
                .and("records dropped", get(InterceptCounter.RECORDS_DROPPED)));
    }

    private void writeConnections() {
        List<TcpcopyConnection> connections = server.connections();
        write(new StatisticsLine("tunnel connections", connections.size())
                .and("accepted", get(InterceptCounter.CONNECTIONS))
                .and("refused", get(InterceptCounter.CONNECTIONS_REFUSED))
                .and("not allowed", get(InterceptCounter.CONNECTIONS_NOT_ALLOWED))
                .and("replaced", get(InterceptCounter.CONNECTIONS_REPLACED))
                .and("accept failures", server.acceptFailures()));
        int lines = Math.min(connections.size(), MAX_CONNECTION_LINES);
        for (TcpcopyConnection connection : connections.subList(0, lines)) {
            LOG.info(
                    "tcpcopy {}: records:{},queued bytes:{}",
                    connection.peer(),
                    connection.records(),
                    connection.queuedBytes());
        }
        if (connections.size() > lines) {
            List<TcpcopyConnection> others = connections.subList(lines, connections.size());
            LOG.info(
                    "{} later connections: records:{},queued bytes:{}",
                    others.size(),
                    others.stream().mapToLong(TcpcopyConnection::records).sum(),
                    others.stream().mapToLong(TcpcopyConnection::queuedBytes).sum());
        }
    }

    private static void write(StatisticsLine line) {
        LOG.info("{}", line);
    }

    private long notRouted() {
        return get(InterceptCounter.NOT_ROUTED_PAYLOAD)
                + get(InterceptCounter.NOT_ROUTED_FIN)
                + get(InterceptCounter.NOT_ROUTED_ACK)
                + get(InterceptCounter.NOT_ROUTED_SYN_RST);
    }

    /** Those for which no route came at all; what waits in the delay table is neither lost nor found yet. */
    private long lost() {
        return notRouted() + get(InterceptCounter.DELAYED_EXPIRED) + get(InterceptCounter.DELAYED_OVERWRITTEN);
    }

    private long get(InterceptCounter counter) {
        return counters.get(counter);
    }
}
