package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.Timed;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.session.SessionEngine;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import io.tcpcopy.tcpcopy.report.StatisticsLog;
import io.tcpcopy.tcpcopy.report.StatisticsTimer;
import io.tcpcopy.tcpcopy.returnpath.Intercepts;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import io.tcpcopy.tunnel.ResponseRecord;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies TCP: input, sessions, injection and tunnel in one loop. Copying begins when an intercept is reached. Without an
 * intercept the program ends; with -L it waits for one to come back, and counts what it cannot copy meanwhile.
 */
final class TcpService implements CopyService, Intercepts.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(TcpService.class);

    private final CopySettings settings;
    private final ReturnPathSettings returnPath;
    private final EventLoop loop;
    private final Injection injection;
    private final Intercepts intercepts;
    private final SessionEngine engine;
    private final Input input;
    private final StatisticsLog statistics;
    private final StatisticsTimer statisticsTimer;
    private Runnable startedListener;
    private boolean running;
    private boolean everReachable;
    private boolean paused;
    private String failure;

    /**
     * Opens all that needs privileges.
     *
     * @throws BadInputException when a device, a file or the filter cannot be used
     * @throws StartException when something cannot be opened
     */
    TcpService(CopySettings settings, ReturnPathSettings returnPath, Input.Opener inputOpener)
            throws BadInputException, StartException {
        this.settings = settings;
        this.returnPath = returnPath;
        Libc.checkPlatform();
        loop = new EventLoop(System::nanoTime);
        injection = new Injection(loop, settings);
        intercepts = new Intercepts(loop, returnPath, this::response);
        engine = new SessionEngine(settings.session(), injection.sink()::send, intercepts.routes());
        input = inputOpener.open(loop, engine, this::canSend, () -> CopyOutcome.of(engine));
        statistics = new StatisticsLog(loop, engine, input.counters(), injection.sink(), intercepts);
        statisticsTimer = new StatisticsTimer(loop, this::writeStatistics);
        loop.addTimed(new SessionTimers());
        // The tunnel was added before: a route is with the kernel before its SYN, unless a batch fills up in the turn.
        injection.flushAtTurnEnd(engine::mtu);
        loop.onTurnEnd(() -> statistics.packetsTaken(loop.nowNs()));
    }

    /** Whether the replay of a file may go on: responses come back, and packets would leave, or could not for too long. */
    private boolean canSend() {
        return intercepts.linksUp() > 0 && injection.isReadyOrTimedOut();
    }

    @Override
    public int run(Runnable whenStarted) throws BadInputException, StartException {
        startedListener = whenStarted;
        intercepts.start(engine::forEachRoute, this);
        new MemoryWatch(loop, settings.memoryLimitBytes(), this::fail).start();
        loop.run();
        finish();
        int status = input.end(Optional.ofNullable(failure));
        if (failure != null) {
            throw new StartException(failure);
        }
        LOG.info("tcpcopy stopped");
        return status;
    }

    @Override
    public void stop() {
        loop.stop();
    }

    @Override
    public void writeStatisticsNow() {
        statisticsTimer.writeNow();
    }

    private void finish() {
        engine.turn(loop.nowNs());
        engine.endAll(DropReason.STOPPED);
        intercepts.close();
        injection.finish();
        if (running) {
            writeStatistics();
        }
    }

    @Override
    public void close() {
        input.close();
        injection.close();
        loop.close();
    }

    private void response(ResponseRecord record) {
        engine.turn(loop.nowNs());
        engine.response(record.buffer(), record.ip().offset(), ResponseRecord.HEADERS_LENGTH);
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
        everReachable = true;
        start();
        if (paused) {
            paused = false;
            LOG.info("an intercept is back, copying goes on");
            engine.turn(loop.nowNs());
            engine.resume();
        }
    }

    @Override
    public void unreachable(String reason) {
        if (!returnPath.lonely()) {
            fail((everReachable ? "no intercept is left: " : "no intercept can be reached: ") + reason
                    + " (-L keeps running without one)");
            return;
        }
        start();
        if (everReachable && !paused) {
            paused = true;
            LOG.warn("no intercept is left: nothing is copied until one is back");
            engine.turn(loop.nowNs());
            engine.pause();
        }
    }

    /** Begins to read the input; not before an intercept is tried, since without one there is no start. */
    private void start() {
        if (running) {
            return;
        }
        running = true;
        input.start();
        statisticsTimer.start();
        LOG.info(
                "tcpcopy started: copying {}, intercepts {}, tunnel mode {}, {}",
                settings.transferText(),
                returnPath.intercepts().stream().map(Endpoint::toString).collect(Collectors.joining(",")),
                returnPath.mode(),
                input.description());
        startedListener.run();
    }

    /** The sessions' deadlines in the loop. */
    private final class SessionTimers implements Timed {
        @Override
        public long nextDeadlineNs() {
            return engine.nextDeadlineNs();
        }

        @Override
        public void runDue(long nowNs) {
            engine.turn(nowNs);
            engine.runDue();
        }
    }
}
