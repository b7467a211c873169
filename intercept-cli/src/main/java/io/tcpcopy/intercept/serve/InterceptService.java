package io.tcpcopy.intercept.serve;

import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.open.CaptureFeed;
import io.tcpcopy.capture.open.CaptureOpener;
import io.tcpcopy.clock.KernelClock;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Level;
import io.tcpcopy.diagnosis.Symptom;
import io.tcpcopy.doctor.Capabilities;
import io.tcpcopy.doctor.Host;
import io.tcpcopy.doctor.ThisHost;
import io.tcpcopy.intercept.doctor.ForwardingCheck;
import io.tcpcopy.intercept.doctor.QueueRuleCheck;
import io.tcpcopy.intercept.options.InterceptSettings;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.intercept.report.InterceptMetric;
import io.tcpcopy.intercept.report.ResponseSymptoms;
import io.tcpcopy.intercept.routing.ResponseRouter;
import io.tcpcopy.intercept.routing.Routing;
import io.tcpcopy.logging.LogLines;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.loop.SymptomTimer;
import io.tcpcopy.memory.MemoryMetric;
import io.tcpcopy.memory.ProcessMetric;
import io.tcpcopy.memory.ResidentMemory;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.net.Network;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.TcpNetwork;
import io.tcpcopy.observe.RunningProgram;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.ProgramVersion;
import io.tcpcopy.tunnel.TunnelFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All parts of intercept on one loop. */
public final class InterceptService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InterceptService.class);

    private static final long STATISTICS_INTERVAL_NS = TimeUnit.SECONDS.toNanos(30);
    /** Nothing depends on the exact time at which an old route or record goes. */
    private static final long EXPIRY_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    /** A little longer than tcpcopy's: then the two neither keep step nor wait for each other in turn. */
    private static final long TURN_INTERVAL_NS = TimeUnit.MICROSECONDS.toNanos(700);

    private static final String PROGRAM = "intercept";

    private static final String ALL_TCP = "tcp";

    private final EventLoop loop;
    private final Metrics metrics = new Metrics(PROGRAM);
    private final InterceptSettings settings;
    private final Routing routing;
    private final TunnelServer server;
    private final List<PacketSource> sources;
    private final List<CaptureFeed> feeds = new ArrayList<>();
    private final StatisticsLog statistics;
    private final LoopTimer statisticsTimer;
    private final LoopTimer expiryTimer;
    private final SymptomTimer symptomTimer;
    private final UnfilteredLook look;

    /**
     * Listens and captures from now on.
     *
     * @throws BadInputException when a device or the filter cannot be used
     * @throws StartException when the port is taken, or a device cannot be captured on
     */
    public static InterceptService ofKernel(InterceptSettings settings) throws BadInputException, StartException {
        return new InterceptService(
                settings, EventLoop.ofKernel(TURN_INTERVAL_NS), new TcpNetwork(), new KernelSources(settings));
    }

    private record KernelSources(InterceptSettings settings) implements SourceOpener {
        @Override
        public List<PacketSource> open() throws BadInputException, StartException {
            return settings.queue().isPresent()
                    ? List.of(settings.queue().get().open())
                    : CaptureOpener.open(settings.captures());
        }

        @Override
        public List<PacketSource> openUnfiltered() throws BadInputException, StartException {
            return CaptureOpener.open(settings.captures().stream()
                    .map(capture -> capture.withFilter(ALL_TCP))
                    .toList());
        }

        @Override
        public List<Symptom> symptoms() {
            Host host = new ThisHost();
            if (settings.queue().isPresent()) {
                warn(QueueRuleCheck.finding(host, Capabilities.of(host)));
                return List.of();
            }
            ForwardingCheck forwarding = new ForwardingCheck(host, settings.captures());
            Finding atStart = forwarding.finding();
            warn(atStart);
            Symptom running = Symptom.lookedFor(forwarding::fault);
            return switch (atStart.level()) {
                case WARNING -> List.of();
                case ERROR -> List.of(running.toldBefore(atStart));
                default -> List.of(running);
            };
        }

        private static void warn(Finding atStart) {
            if (atStart.level() == Level.WARNING || atStart.level() == Level.ERROR) {
                LOG.warn(atStart.text());
            }
        }
    }

    /** Opens what responses are captured with. */
    @FunctionalInterface
    public interface SourceOpener {
        /**
         * Captures from now on.
         *
         * @throws BadInputException when a device or the filter cannot be used
         * @throws StartException when a device cannot be captured on
         */
        List<PacketSource> open() throws BadInputException, StartException;

        /**
         * Captures all TCP beside, from now on; where there is no filter to leave anything out, nothing.
         *
         * @throws BadInputException when a device cannot be used
         * @throws StartException when a device cannot be captured on
         */
        default List<PacketSource> openUnfiltered() throws BadInputException, StartException {
            return List.of();
        }

        /** What shows while something is wrong with the host that is captured on; what is wrong now is said in the log. */
        default List<Symptom> symptoms() {
            return List.of();
        }
    }

    /**
     * Listens, then captures from now on.
     *
     * @param loop on which all of it runs
     * @param network through which tcpcopys connect
     * @param opener called when it listens: a second intercept must not take packets from the first one
     * @throws BadInputException when a device or the filter cannot be used
     * @throws StartException when the port is taken, or a device cannot be captured on
     */
    public InterceptService(InterceptSettings settings, EventLoop loop, Network network, SourceOpener opener)
            throws BadInputException, StartException {
        this.settings = settings;
        this.loop = loop;
        Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
        routing = settings.mode().single()
                ? Routing.single(settings.keepsFirst(), counters, loop::nowNs)
                : Routing.byRoutes(
                        settings.expectedRoutes(), settings.routeTimeoutNs(), settings.mode(), counters, loop::nowNs);
        TunnelFormat format = settings.mode().format();
        ResponseRouter router = new ResponseRouter(routing, format, settings.container(), counters);
        server = new TunnelServer(
                loop, network, settings.listen(), routing, settings.allowed(), format, settings.maxBatch(), counters);
        sources = opener.open();
        for (PacketSource source : sources) {
            feeds.add(new CaptureFeed(loop, source, router));
        }
        addMetrics(counters);
        look = new UnfilteredLook(loop, opener, settings, routing);
        statistics = new StatisticsLog(metrics, server, look::reason);
        statisticsTimer = loop.timer(this::writeStatistics);
        statisticsTimer.schedule(STATISTICS_INTERVAL_NS);
        expiryTimer = loop.timer(this::expire);
        expiryTimer.schedule(EXPIRY_INTERVAL_NS);
        symptomTimer = new SymptomTimer(loop, metrics, () -> symptoms(opener));
        symptomTimer.start();
    }

    private List<Symptom> symptoms(SourceOpener opener) {
        List<Symptom> symptoms = new ArrayList<>(opener.symptoms());
        symptoms.add(LogLines.lost());
        symptoms.addAll(ResponseSymptoms.of(metrics, () -> !server.connections().isEmpty(), look::lookWhileSilent));
        return symptoms;
    }

    private void addMetrics(Counters<InterceptCounter> counters) {
        CaptureMetric.add(sources, metrics);
        metrics.add(InterceptCounter.class, counters)
                .add(InterceptMetric.ROUTES, routing::routes)
                .add(InterceptMetric.DELAYED, routing::delayed);
        server.addTo(metrics);
        loop.addTo(metrics);
        MemoryMetric.add(ResidentMemory::bytes, metrics);
        ProcessMetric.add(KernelClock.processCpuTime(), metrics);
        LogLines.addTo(metrics);
        metrics.label("version", ProgramVersion.of(InterceptService.class));
    }

    /** All numbers of the program. */
    public Metrics metrics() {
        return metrics;
    }

    /**
     * Runs until {@link #stop}, and writes the last statistics.
     *
     * @param whenStarted called when it serves
     */
    public void run(Runnable whenStarted) {
        start(whenStarted);
        loop.run();
        finish();
    }

    /** Begins to serve: the first part of {@link #run}, for whoever turns the loop by hand. */
    public void start(Runnable whenStarted) {
        LOG.info(
                "intercept started: tcpcopy is expected on {}, tunnel mode {}, capturing on {}",
                server.local(),
                settings.mode(),
                devices());
        whenStarted.run();
    }

    /** Writes the last statistics: what is left of {@link #run} when the loop has ended. */
    public void finish() {
        statistics.write();
        LOG.info("intercept stopped");
    }

    /** Ends {@link #run}. Any thread may call it. */
    public void stop() {
        loop.stop();
    }

    /** Has the statistics written at once, besides those of every interval. Any thread may call it. */
    public void writeStatisticsNow() {
        loop.submit(statistics::write);
    }

    /** What others ask of the program. Any thread may ask. It listens for as long as it lives. */
    public RunningProgram running() {
        return new RunningProgram(loop::submit, metrics, symptomTimer::findings, () -> CaptureFeed.lost(feeds));
    }

    @Override
    public void close() {
        look.close();
        feeds.forEach(CaptureFeed::close);
        server.close();
        loop.close();
    }

    private String devices() {
        return String.join(", ", sources.stream().map(PacketSource::description).toList());
    }

    private void writeStatistics() {
        statisticsTimer.schedule(STATISTICS_INTERVAL_NS);
        statistics.write();
    }

    private void expire() {
        expiryTimer.schedule(routing.expire() ? 0 : EXPIRY_INTERVAL_NS);
    }
}
