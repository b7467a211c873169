package io.tcpcopy.intercept;

import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.counters.Counters;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the totals since start to the log: three lines in the original's wording, for people's scripts, then those that
 * the original lacks.
 */
final class StatisticsLog {
    private static final Logger LOG = LoggerFactory.getLogger(StatisticsLog.class);

    private final Counters<InterceptCounter> counters;
    private final RouteTable routes;
    private final DelayTable delays;
    private final TunnelServer server;
    private final List<PacketSource> sources;

    StatisticsLog(
            Counters<InterceptCounter> counters,
            RouteTable routes,
            DelayTable delays,
            TunnelServer server,
            List<PacketSource> sources) {
        this.counters = counters;
        this.routes = routes;
        this.delays = delays;
        this.server = server;
        this.sources = sources;
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
        LOG.info(
                "routes held:{},deleted:{},expired:{},evicted:{}",
                routes.size(),
                get(InterceptCounter.ROUTES_DELETED),
                get(InterceptCounter.ROUTES_EXPIRED),
                get(InterceptCounter.ROUTES_EVICTED));
        LOG.info(
                "not routed payload:{},fin:{},ack:{}",
                get(InterceptCounter.NOT_ROUTED_PAYLOAD),
                get(InterceptCounter.NOT_ROUTED_FIN),
                get(InterceptCounter.NOT_ROUTED_ACK));
        LOG.info(
                "delayed:{},sent:{},expired:{},overwritten:{},waiting:{}",
                get(InterceptCounter.DELAYED),
                get(InterceptCounter.DELAYED_SENT),
                get(InterceptCounter.DELAYED_EXPIRED),
                get(InterceptCounter.DELAYED_OVERWRITTEN),
                delays.size());
        LOG.info(
                "batches:{},records dropped:{},connections refused:{}",
                get(InterceptCounter.BATCHES),
                get(InterceptCounter.RECORDS_DROPPED),
                get(InterceptCounter.CONNECTIONS_REFUSED));
        server.forEachClient(client -> LOG.info(
                "tcpcopy {}: records:{},queued bytes:{}", client.peer(), client.records(), client.queuedBytes()));
    }

    private void writeCapture() {
        long kernelDrops = 0;
        long notIpv4 = 0;
        for (PacketSource source : sources) {
            kernelDrops += source.kernelDrops();
            notIpv4 += source.notIpv4();
        }
        LOG.info(
                "kernel drops:{},not ipv4:{},invalid:{},frag:{}",
                kernelDrops,
                notIpv4,
                get(InterceptCounter.INVALID),
                get(InterceptCounter.FRAGMENTS));
    }

    /** Those for which no route came at all; what waits in the delay table is neither lost nor found yet. */
    private long lost() {
        return get(InterceptCounter.NOT_ROUTED_PAYLOAD)
                + get(InterceptCounter.NOT_ROUTED_FIN)
                + get(InterceptCounter.NOT_ROUTED_ACK)
                + get(InterceptCounter.DELAYED_EXPIRED)
                + get(InterceptCounter.DELAYED_OVERWRITTEN);
    }

    private long get(InterceptCounter counter) {
        return counters.get(counter);
    }
}
