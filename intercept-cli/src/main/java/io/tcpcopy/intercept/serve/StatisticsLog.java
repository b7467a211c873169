package io.tcpcopy.intercept.serve;

import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.diagnosis.Diagnosis;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.intercept.report.InterceptMetric;
import io.tcpcopy.intercept.report.ResponseLosses;
import io.tcpcopy.intercept.report.Silence;
import io.tcpcopy.logging.StatisticsLine;
import io.tcpcopy.loop.LoopMetric;
import io.tcpcopy.loop.LoopStatistics;
import io.tcpcopy.memory.MemoryStatistics;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.Metrics;
import java.util.List;
import java.util.function.Supplier;
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

    private final Metrics metrics;
    private final TunnelServer server;
    private final Diagnosis diagnosis;

    /** {@code silence}: why no response is captured, as far as is known. */
    StatisticsLog(Metrics metrics, TunnelServer server, Supplier<Silence> silence) {
        this.metrics = metrics;
        this.server = server;
        this.diagnosis = new Diagnosis(ResponseLosses.places(
                () -> !server.connections().isEmpty(), () -> metrics.get(InterceptCounter.RESPONSES), silence));
    }

    /** Writes all lines. */
    void write() {
        LOG.info(
                "total resp packs:{}, all:{}, route:{}, sock write cnt:{}",
                get(InterceptCounter.RESPONSES),
                get(InterceptCounter.TCP),
                get(InterceptCounter.ROUTES_ADDED),
                get(InterceptMetric.WRITES));
        LOG.info("cache hit:{},missed:0,lost:{}", get(InterceptCounter.ROUTED), lost());
        LOG.info(
                "search:{},extra compared:0,all sessions:{}",
                get(InterceptCounter.RESPONSES),
                get(InterceptCounter.ROUTES_ADDED));
        writeCapture();
        writeRoutes();
        writeConnections();
        write(LoopStatistics.line(metrics));
        write(MemoryStatistics.line(metrics, 0, get(CaptureMetric.RING_BYTES)));
        if (get(LoopMetric.FAULTS) > 0) {
            LOG.error("faults:{}", get(LoopMetric.FAULTS));
        }
        diagnosis.of(metrics.snapshot()).ifPresent(finding -> LOG.warn(finding.text()));
    }

    private void writeCapture() {
        write(new StatisticsLine("capture kernel drops", get(CaptureMetric.KERNEL_DROPS))
                .and("card drops", get(CaptureMetric.CARD_DROPS))
                .and("not ipv4", get(CaptureMetric.NOT_IPV4))
                .and("not tcp", get(InterceptCounter.NOT_TCP))
                .and("invalid", get(InterceptCounter.INVALID))
                .and("frag", get(InterceptCounter.FRAGMENTS))
                .and("bad checksum", get(InterceptCounter.BAD_CHECKSUM))
                .and("let through", get(CaptureMetric.LET_THROUGH)));
    }

    private void writeRoutes() {
        write(new StatisticsLine("routes held", get(InterceptMetric.ROUTES))
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
                .and("waiting", get(InterceptMetric.DELAYED)));
        write(new StatisticsLine("batches", get(InterceptCounter.BATCHES))
                .and("records dropped", get(InterceptCounter.RECORDS_DROPPED)));
    }

    private void writeConnections() {
        List<TcpcopyConnection> connections = server.connections();
        write(new StatisticsLine("tunnel connections", get(InterceptMetric.CONNECTIONS))
                .and("accepted", get(InterceptCounter.CONNECTIONS))
                .and("refused", get(InterceptCounter.CONNECTIONS_REFUSED))
                .and("not allowed", get(InterceptCounter.CONNECTIONS_NOT_ALLOWED))
                .and("replaced", get(InterceptCounter.CONNECTIONS_REPLACED))
                .and("accept failures", get(InterceptMetric.ACCEPT_FAILURES)));
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

    private long get(Metric metric) {
        return metrics.get(metric);
    }
}
