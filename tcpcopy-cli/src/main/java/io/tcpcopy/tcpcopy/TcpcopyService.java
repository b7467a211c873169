package io.tcpcopy.tcpcopy;

import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.daemon.CaptureFeed;
import io.tcpcopy.daemon.CaptureOpener;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.Timed;
import io.tcpcopy.net.Endpoint;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;
import io.tcpcopy.session.DropReason;
import io.tcpcopy.session.Replay;
import io.tcpcopy.tunnel.ResponseRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies TCP: capture, sessions, injection and tunnel in one loop. The kernel captures from the construction on;
 * what it has collected when an intercept is reached is copied as well, as far as the capture buffer held it. Without an
 * intercept the program ends; with -L it waits for one to come back, and counts what it cannot copy meanwhile.
 */
final class TcpcopyService implements CopyService, Intercepts.Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(TcpcopyService.class);

    private final TcpcopySettings settings;
    private final EventLoop loop;
    private final List<PacketSource> sources;
    private final List<CaptureFeed> feeds = new ArrayList<>();
    private final Injection injection;
    private final Intercepts intercepts;
    private final Replay replay;
    private final StatisticsLog statistics;
    private final StatisticsClock statisticsClock;
    private Runnable started;
    private boolean reached;
    private boolean paused;
    private String failure;

    /**
     * Opens all that needs privileges.
     *
     * @throws BadInputException when a device or the filter cannot be used
     * @throws StartException when something cannot be opened
     */
    TcpcopyService(TcpcopySettings settings) throws BadInputException, StartException {
        this.settings = settings;
        Libc.checkPlatform();
        loop = new EventLoop(System::nanoTime);
        injection = new Injection(loop, settings);
        sources = CaptureOpener.open(settings.captures());
        intercepts = new Intercepts(
                loop,
                settings.intercepts(),
                settings.connectionsPerIntercept(),
                settings.lonely(),
                settings.mode().format(),
                this::response);
        replay = new Replay(
                settings.session(), injection.sink()::send, isSingle() ? new WithoutRoutes(intercepts) : intercepts);
        statistics = new StatisticsLog(loop, replay, sources, injection.sink(), intercepts);
        statisticsClock = new StatisticsClock(loop, this::writeStatistics);
        loop.addTimed(new SessionTimers());
        // The tunnel was added before: a route is with the kernel before its SYN, unless a batch fills up in the turn.
        injection.leadFrom(replay::mtu);
    }

    private boolean isSingle() {
        return settings.mode().single();
    }

    @Override
    public void run(Runnable whenStarted) throws StartException {
        started = whenStarted;
        intercepts.start(isSingle() ? nobody -> {} : replay::forEachRoute, this);
        new MemoryWatch(loop, settings.memoryLimitBytes(), this::fail).start();
        loop.run();
        finish();
        if (failure != null) {
            throw new StartException(failure);
        }
        LOG.info("tcpcopy stopped");
    }

    @Override
    public void stop() {
        loop.stop();
    }

    @Override
    public void writeStatisticsNow() {
        statisticsClock.writeNow();
    }

    private static String join(Stream<String> parts) {
        return parts.collect(Collectors.joining(","));
    }

    private void finish() {
        replay.turn(loop.nowNs());
        replay.endAll(DropReason.STOPPED);
        intercepts.close();
        injection.finish();
        if (isStarted()) {
            writeStatistics();
        }
    }

    @Override
    public void close() {
        feeds.forEach(CaptureFeed::close);
        // Those that were never read: closing twice is harmless.
        sources.forEach(PacketSource::close);
        injection.close();
        loop.close();
    }

    private void response(ResponseRecord record) {
        replay.turn(loop.nowNs());
        replay.response(record.buffer(), record.ip().offset(), ResponseRecord.HEADERS_LENGTH);
    }

    private void captured(ByteBuffer buffer, int offset, int length, int wireLength, long arrivalNs) {
        replay.turn(loop.nowNs());
        replay.clientPacket(buffer, offset, length, wireLength, arrivalNs);
        statistics.packetTaken(loop.nowNs());
    }

    private void writeStatistics() {
        statistics.write(loop.nowNs());
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

    /** Begins to read what the kernel captures; not before an intercept is tried, since without one there is no start. */
    private void start() {
        if (isStarted()) {
            return;
        }
        for (PacketSource source : sources) {
            feeds.add(new CaptureFeed(loop, source, this::captured));
        }
        statisticsClock.start();
        LOG.info(
                "tcpcopy started: copying {}, intercepts {}, tunnel mode {}, capturing on {}",
                settings.transferText(),
                join(settings.intercepts().stream().map(Endpoint::toString)),
                settings.mode(),
                join(sources.stream().map(PacketSource::name)));
        started.run();
    }

    private boolean isStarted() {
        return !feeds.isEmpty();
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
