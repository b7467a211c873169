package io.tcpcopy.tcpcopy;

import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.inject.FrameSettings;
import io.tcpcopy.inject.FrameSink;
import io.tcpcopy.inject.NeighbourGuard;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.inject.RawSocketSink;
import io.tcpcopy.inject.UnusableDeviceException;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.loop.Timed;
import io.tcpcopy.net.Endpoint;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.Ipv4Address;
import io.tcpcopy.session.DropReason;
import io.tcpcopy.session.Replay;
import io.tcpcopy.session.Transfer;
import io.tcpcopy.tunnel.ResponseRecord;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running program: capture, sessions, injection and tunnel in one loop. Copying begins when an intercept is reached.
 * Without an intercept the program ends; with -L it waits for one to come back, and counts what it cannot copy meanwhile.
 */
final class TcpcopyService implements Intercepts.Watcher, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TcpcopyService.class);
    private static final long STATISTICS_INTERVAL_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long MEMORY_CHECK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final TcpcopySettings settings;
    private final EventLoop loop;
    private final PacketSink sink;
    private final Intercepts intercepts;
    private final Replay replay;
    private final Input input;
    private final StatisticsLog statistics;
    private final LoopTimer statisticsTimer;
    private final LoopTimer memoryTimer;
    private Runnable started;
    private boolean running;
    private boolean reached;
    private boolean paused;
    private String failure;

    /**
     * Opens all that needs privileges.
     *
     * @param out for what people are to see who do not see the log
     * @throws BadInputException when a device, a file or the filter cannot be used
     * @throws StartException when something cannot be opened
     */
    TcpcopyService(TcpcopySettings settings, PrintWriter out) throws BadInputException, StartException {
        this.settings = settings;
        Libc.checkPlatform();
        loop = new EventLoop(System::nanoTime);
        sink = settings.frames().isPresent()
                ? frameSink(settings.frames().get())
                : new RawSocketSink(loop, new NeighbourGuard(loop, targets()));
        intercepts = new Intercepts(
                loop,
                settings.intercepts(),
                settings.connectionsPerIntercept(),
                settings.lonely(),
                settings.mode().format(),
                this::response);
        replay = new Replay(settings.session(), sink::send, isSingle() ? new WithoutRoutes(intercepts) : intercepts);
        input = settings.offline().isPresent()
                ? new OfflineInput(
                        loop,
                        settings.offline().get(),
                        settings.lifeCycle().logFile().map(log -> out),
                        replay,
                        () -> ReplayOutcome.of(replay),
                        () -> intercepts.linksUp() > 0)
                : new LiveInput(loop, settings.captures(), replay);
        statistics = new StatisticsLog(loop, replay, input.totals(), sink, intercepts);
        statisticsTimer = loop.timer(this::writeStatistics);
        memoryTimer = loop.timer(this::checkMemory);
        loop.addTimed(new SessionTimers());
        // The tunnel was added before: a route is with the kernel before its SYN, unless a batch fills up in the turn.
        loop.onTurnEnd(this::inject);
    }

    private FrameSink frameSink(FrameSettings frames) throws BadInputException, StartException {
        try {
            return new FrameSink(loop, frames);
        } catch (UnusableDeviceException e) {
            throw BadInputException.refused(TcpcopyOptions.SEND_DEVICE, frames.device(), e.getMessage());
        }
    }

    /** Also learns how long packets may be. */
    private void inject() {
        sink.flush();
        statistics.packetsTaken(loop.nowNs());
        int before = replay.mtu();
        replay.mtu(sink.mtu());
        if (replay.mtu() != before) {
            reportMtu();
        }
    }

    private void reportMtu() {
        int wanted = settings.session().mtu();
        if (replay.mtu() < wanted) {
            LOG.warn(
                    "-M is {}, but the way to a target takes no more than {} bytes: longer packets are split to fit",
                    wanted,
                    sink.mtu());
        } else {
            LOG.info("the ways to all targets take packets of {} bytes again", wanted);
        }
    }

    private boolean isSingle() {
        return settings.mode().single();
    }

    private int[] targets() {
        return settings.session().transfers().stream()
                .mapToInt(Transfer::targetAddress)
                .distinct()
                .toArray();
    }

    /**
     * Runs until {@link #stop} or the end of the input, and writes the last statistics.
     *
     * @param whenStarted called when copying begins
     * @return the exit status
     * @throws BadInputException when the input turned out to be the wrong one
     * @throws StartException when no intercept can be reached, or none any more, or memory runs out
     */
    int run(Runnable whenStarted) throws BadInputException, StartException {
        started = whenStarted;
        intercepts.start(isSingle() ? nobody -> {} : replay::forEachRoute, this);
        memoryTimer.schedule(MEMORY_CHECK_INTERVAL_NS);
        loop.run();
        finish();
        int status = input.end(Optional.ofNullable(failure));
        if (failure != null) {
            throw new StartException(failure);
        }
        LOG.info("tcpcopy stopped");
        return status;
    }

    /** Ends {@link #run}. Any thread may call it. */
    void stop() {
        loop.stop();
    }

    /** Has the statistics written, out of their turn. Any thread may call it. */
    void writeStatisticsNow() {
        loop.submit(() -> statistics.write(loop.nowNs()));
    }

    private static String join(Stream<String> parts) {
        return parts.collect(Collectors.joining(","));
    }

    /** In the form of -x. */
    private static String text(Transfer transfer) {
        String online = transfer.onlineAddress() == Ipv4Address.ANY
                ? Integer.toString(transfer.onlinePort())
                : new Endpoint(transfer.onlineAddress(), transfer.onlinePort()).toString();
        return online + "-" + new Endpoint(transfer.targetAddress(), transfer.targetPort());
    }

    private void finish() {
        replay.turn(loop.nowNs());
        replay.endAll(DropReason.STOPPED);
        intercepts.close();
        sink.flush();
        sink.giveUp();
        if (running) {
            statistics.write(loop.nowNs());
        }
    }

    @Override
    public void close() {
        input.close();
        sink.close();
        loop.close();
    }

    private void response(ResponseRecord record) {
        replay.turn(loop.nowNs());
        replay.response(record.buffer(), record.ip().offset(), ResponseRecord.HEADERS_LENGTH);
    }

    private void writeStatistics() {
        statisticsTimer.schedule(STATISTICS_INTERVAL_NS);
        statistics.write(loop.nowNs());
    }

    private void checkMemory() {
        memoryTimer.schedule(MEMORY_CHECK_INTERVAL_NS);
        long bytes = ResidentMemory.bytes();
        if (bytes > settings.memoryLimitBytes()) {
            fail("the memory limit is exceeded: " + (bytes >> 20) + " MB are resident, and -m allows "
                    + (settings.memoryLimitBytes() >> 20));
        }
    }

    private void fail(String reason) {
        failure = reason;
        loop.stop();
    }

    @Override
    public void reachable() {
        reached = true;
        start();
        if (paused) {
            paused = false;
            LOG.info("an intercept is back, copying goes on");
            replay.turn(loop.nowNs());
            replay.resume();
        }
    }

    @Override
    public void unreachable(String reason) {
        if (!settings.lonely()) {
            fail((reached ? "no intercept is left: " : "no intercept can be reached: ") + reason
                    + " (-L keeps running without one)");
            return;
        }
        start();
        if (reached && !paused) {
            paused = true;
            LOG.warn("no intercept is left: nothing is copied until one is back");
            replay.turn(loop.nowNs());
            replay.pause();
        }
    }

    /** Begins to read the input; not before an intercept is tried, since without one there is no start. */
    private void start() {
        if (running) {
            return;
        }
        running = true;
        input.start();
        statisticsTimer.schedule(STATISTICS_INTERVAL_NS);
        LOG.info(
                "tcpcopy started: copying {}, intercepts {}, tunnel mode {}, {}",
                join(settings.session().transfers().stream().map(TcpcopyService::text)),
                join(settings.intercepts().stream().map(Endpoint::toString)),
                settings.mode(),
                input.description());
        started.run();
    }

    /** The sessions' deadlines in the loop. */
    private final class SessionTimers implements Timed {
        @Override
        public long nextDeadlineNs() {
            return replay.nextDeadlineNs();
        }

        @Override
        public void runDue(long nowNs) {
            replay.turn(nowNs);
            replay.runDue();
        }
    }
}
