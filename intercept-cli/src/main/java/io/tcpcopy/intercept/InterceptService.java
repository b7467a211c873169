package io.tcpcopy.intercept;

import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.QueueSource;
import io.tcpcopy.counters.Counters;
import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.daemon.CaptureFeed;
import io.tcpcopy.daemon.CaptureOpener;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.net.Endpoint;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;
import io.tcpcopy.tunnel.TunnelFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All parts of intercept on one loop. */
final class InterceptService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InterceptService.class);

    private static final long STATISTICS_INTERVAL_NS = TimeUnit.SECONDS.toNanos(30);
    /** Nothing depends on when exactly something old goes. */
    private static final long EXPIRY_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoop loop;
    private final InterceptSettings settings;
    private final Routing routing;
    private final TunnelServer server;
    private final List<PacketSource> sources;
    private final List<CaptureFeed> feeds = new ArrayList<>();
    private final StatisticsLog statistics;
    private final LoopTimer statisticsTimer;
    private final LoopTimer expiryTimer;

    /**
     * Listens and captures from now on.
     *
     * @throws StartException when the port is taken, or a device cannot be captured on
     */
    InterceptService(InterceptSettings settings) throws BadInputException, StartException {
        this.settings = settings;
        Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
        Libc.checkPlatform();
        loop = new EventLoop(System::nanoTime);
        routing = settings.mode().single()
                ? new HashRouting(settings.keepsFirst(), counters, loop::nowNs)
                : tableRouting(counters);
        TunnelFormat format = settings.mode().format();
        ResponseRouter router = new ResponseRouter(routing, format, settings.container(), counters);
        server = new TunnelServer(
                loop, settings.listen(), routing, settings.allowed(), format, settings.maxBatch(), counters);
        sources = open(settings);
        for (PacketSource source : sources) {
            feeds.add(new CaptureFeed(loop, source, router));
        }
        statistics = new StatisticsLog(counters, routing, server, sources, loop);
        statisticsTimer = loop.timer(this::writeStatistics);
        statisticsTimer.schedule(STATISTICS_INTERVAL_NS);
        expiryTimer = loop.timer(this::expire);
        expiryTimer.schedule(EXPIRY_INTERVAL_NS);
    }

    private static List<PacketSource> open(InterceptSettings settings) throws BadInputException, StartException {
        return settings.queue().isPresent()
                ? List.of(QueueSource.open(settings.queue().get()))
                : CaptureOpener.open(settings.captures());
    }

    private Routing tableRouting(Counters<InterceptCounter> counters) {
        RouteTable routes = new RouteTable(
                Math.min(settings.expectedRoutes(), RouteTable.MAX_ROUTES),
                settings.routeTimeoutNs(),
                RouteTable.MAX_ROUTES,
                counters);
        DelayTable delays =
                new DelayTable(DelayTable.CAPACITY, settings.mode().format().recordLength(), counters);
        return new TableRouting(routes, delays, settings.mode().dnat(), counters, loop::nowNs);
    }

    /** Where it listens. */
    Endpoint local() {
        return server.local();
    }

    /**
     * Runs until {@link #stop}, and writes the last statistics.
     *
     * @param started called before anything else
     */
    void run(Runnable started) {
        LOG.info(
                "intercept started: tcpcopy is expected on {}, tunnel mode {}, capturing on {}",
                server.local(),
                settings.mode(),
                devices());
        started.run();
        loop.run();
        statistics.write();
        LOG.info("intercept stopped");
    }

    /** Ends {@link #run}. Any thread may call it. */
    void stop() {
        loop.stop();
    }

    /** Has the statistics written, out of their turn. Any thread may call it. */
    void writeStatisticsNow() {
        loop.submit(statistics::write);
    }

    @Override
    public void close() {
        feeds.forEach(CaptureFeed::close);
        server.close();
        loop.close();
    }

    private String devices() {
        return String.join(",", sources.stream().map(PacketSource::name).toList());
    }

    private void writeStatistics() {
        statisticsTimer.schedule(STATISTICS_INTERVAL_NS);
        statistics.write();
    }

    private void expire() {
        expiryTimer.schedule(routing.expire() ? 0 : EXPIRY_INTERVAL_NS);
    }
}
