package io.tcpcopy.tcpcopy;

import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.daemon.CaptureFeed;
import io.tcpcopy.daemon.CaptureOpener;
import io.tcpcopy.daemon.StopSignal;
import io.tcpcopy.inject.NeighbourGuard;
import io.tcpcopy.inject.RawSocketSink;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.loop.Timed;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;
import io.tcpcopy.session.DropReason;
import io.tcpcopy.session.Replay;
import io.tcpcopy.session.Transfer;
import io.tcpcopy.tunnel.ResponseRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running program: capture, sessions, injection and tunnel in one loop. Capturing begins as soon as an intercept is
 * reached. Without one the program ends; with -L it waits for one to come back, and counts what it cannot copy meanwhile.
 */
final class TcpcopyService implements Intercepts.Watcher, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TcpcopyService.class);
    private static final long STATISTICS_INTERVAL_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long MEMORY_CHECK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final TcpcopySettings settings;
    private final EventLoop loop;
    private final List<PacketSource> sources;
    private final List<CaptureFeed> feeds = new ArrayList<>();
    private final NeighbourGuard guard;
    private final RawSocketSink sink;
    private final Intercepts intercepts;
    private final Replay replay;
    private final StatisticsLog statistics;
    private final LoopTimer statisticsTimer;
    private final LoopTimer memoryTimer;
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
        guard = new NeighbourGuard(loop, targets());
        sink = new RawSocketSink(loop, guard);
        sources = CaptureOpener.open(settings.captures());
        intercepts = new Intercepts(loop, settings.intercepts(), settings.connectionsPerIntercept(), this::response);
        replay = new Replay(settings.session(), sink::send, intercepts);
        statistics = new StatisticsLog(replay, sources, sink, intercepts);
        statisticsTimer = loop.timer(this::writeStatistics);
        memoryTimer = loop.timer(this::checkMemory);
        loop.addTimed(new SessionTimers());
        // The tunnel was added before: a route is with the kernel before its SYN.
        loop.onTurnEnd(sink::flush);
    }

    private int[] targets() {
        return settings.session().transfers().stream()
                .mapToInt(Transfer::targetAddress)
                .distinct()
                .toArray();
    }

    /**
     * Runs until a signal or a lost intercept stops it.
     *
     * @throws StartException when no intercept can be reached, or none any more
     */
    void run(StopSignal stop) throws StartException {
        stop.onStop(loop::stop);
        intercepts.start(replay::forEachRoute, this);
        memoryTimer.schedule(MEMORY_CHECK_INTERVAL_NS);
        loop.run();
        finish();
        if (failure != null) {
            LOG.error(failure);
            throw new StartException(failure);
        }
        LOG.info("stopped");
    }

    private void finish() {
        replay.turn(loop.nowNs());
        replay.endAll(DropReason.STOPPED);
        intercepts.close();
        sink.flush();
        statistics.write(loop.nowNs());
    }

    @Override
    public void close() {
        feeds.forEach(CaptureFeed::close);
        sources.forEach(PacketSource::close);
        sink.close();
        guard.close();
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
        startCapture();
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
        startCapture();
        if (reached && !paused) {
            paused = true;
            LOG.warn("no intercept is left: nothing is copied until one is back");
            replay.turn(loop.nowNs());
            replay.pause();
        }
    }

    private void startCapture() {
        if (!feeds.isEmpty()) {
            return;
        }
        for (PacketSource source : sources) {
            feeds.add(new CaptureFeed(loop, source, this::captured));
        }
        statisticsTimer.schedule(STATISTICS_INTERVAL_NS);
        LOG.info("copying begins");
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
