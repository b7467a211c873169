package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.clock.KernelClock;
import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Symptom;
import io.tcpcopy.logging.LogLines;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.SymptomTimer;
import io.tcpcopy.loop.Timed;
import io.tcpcopy.memory.MemoryMetric;
import io.tcpcopy.memory.ProcessMetric;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.net.StartException;
import io.tcpcopy.observe.RunningProgram;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.ProgramVersion;
import io.tcpcopy.session.admit.PacketCopier;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.tcpcopy.report.CopySymptoms;
import io.tcpcopy.tcpcopy.report.StatisticsTimer;
import io.tcpcopy.tcpcopy.report.TunnelSymptoms;
import io.tcpcopy.tcpcopy.returnpath.ReturnPath;
import io.tcpcopy.tunnel.ResponseRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running program: one input, copier, sink and return path on one loop. Copying begins when responses come back. If
 * none do the program ends, or where the return path can be done without, waits for it to come back and counts what it
 * cannot copy meanwhile. All that needs privileges is open when it has been made; {@link #close} closes its parts. (Where it
 * cannot be made the program ends, and the kernel closes them.)
 */
public final class CopyLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CopyLoop.class);

    private static final String PROGRAM = "tcpcopy";

    private final CopySettings settings;
    private final EventLoop loop;
    private final Metrics metrics = new Metrics(PROGRAM);
    private final ReturnPath returnPath;
    private final Injection injection;
    private final Copying copying;
    private final PacketCopier copier;
    private final Input input;
    private final StatisticsTimer statisticsTimer;
    private final MemoryWatch memoryWatch;
    private final SymptomTimer symptomTimer;
    private Runnable startedListener;
    private Runnable stoppedListener;
    private boolean copies;
    private boolean everReachable;
    private boolean paused;
    private StartException failure;

    /** Makes what is copied: it may send from now on. */
    private interface Maker {
        Copying make(Metrics metrics, Injection injection);
    }

    /**
     * Copies connections.
     *
     * @throws BadInputException when a device, a file or the filter cannot be used
     * @throws StartException when something cannot be opened
     */
    public static CopyLoop ofTcp(CopySettings settings, CopyParts parts) throws BadInputException, StartException {
        return new CopyLoop(
                settings,
                parts,
                (metrics, injection) -> new TcpCopying(
                        parts.loop(),
                        metrics,
                        settings.session(),
                        injection,
                        parts.returnPath().routes()));
    }

    /**
     * Copies datagrams.
     *
     * @throws BadInputException when a device, a file or the filter cannot be used
     * @throws StartException when something cannot be opened
     */
    public static CopyLoop ofUdp(CopySettings settings, CopyParts parts) throws BadInputException, StartException {
        return new CopyLoop(
                settings, parts, (metrics, injection) -> new UdpCopying(metrics, settings.session(), injection));
    }

    private CopyLoop(CopySettings settings, CopyParts parts, Maker maker) throws BadInputException, StartException {
        this.settings = settings;
        loop = parts.loop();
        returnPath = parts.returnPath();
        injection =
                new Injection(loop, parts.sink(), returnPath, settings.session().mtu());
        copying = maker.make(metrics, injection);
        copier = copying.copier();
        input = parts.input().open(loop, copier, this::canSend, metrics, copying::outcome);
        statisticsTimer = new StatisticsTimer(loop, copying::writeStatistics);
        memoryWatch = new MemoryWatch(
                loop,
                parts.residentBytes(),
                settings.memoryLimitBytes(),
                reason -> fail(Code.MEMORY, reason),
                copier::dropUnwantedMemory,
                System::gc);
        loop.onTurnBegin(copier::turn);
        loop.addTimed(new Deadlines());
        loop.onTurnEnd(this::endTurn);
        addMetrics(parts);
        symptomTimer = new SymptomTimer(loop, metrics, this::symptoms);
        endTurn();
    }

    private void addMetrics(CopyParts parts) {
        CaptureMetric.add(input.counters(), metrics);
        copier.addTo(metrics);
        injection.addTo(metrics);
        parts.sink().counters().addTo(metrics);
        returnPath.addTo(metrics);
        loop.addTo(metrics);
        MemoryMetric.add(parts.residentBytes(), metrics);
        metrics.add(MemoryMetric.LIMIT, settings::memoryLimitBytes);
        ProcessMetric.add(KernelClock.processCpuTime(), metrics);
        LogLines.addTo(metrics);
        metrics.label("version", ProgramVersion.of(CopyLoop.class));
        settings.addTo(metrics);
    }

    /** Whether the replay of a file may go on: responses come back, and packets would leave, or could not for too long. */
    private boolean canSend() {
        return returnPath.isUp() && injection.isReadyOrTimedOut();
    }

    /** All numbers of the program. */
    Metrics metrics() {
        return metrics;
    }

    /**
     * Runs until {@link #stop} or the end of the input, and writes the last statistics.
     *
     * @param whenStarted called when copying begins
     * @param whenStopped called when the target has been told, before the last statistics are written: it may have to wait for a terminal
     * @return the exit status
     * @throws BadInputException when the input turned out to be the wrong one
     * @throws StartException when the program has to give up
     */
    public int run(Runnable whenStarted, Runnable whenStopped) throws BadInputException, StartException {
        start(whenStarted, whenStopped);
        loop.run();
        return finish();
    }

    void start(Runnable whenStarted, Runnable whenStopped) {
        startedListener = whenStarted;
        stoppedListener = whenStopped;
        copier.turn(loop.nowNs());
        returnPath.start(new PathListener());
        memoryWatch.start();
    }

    int finish() throws BadInputException, StartException {
        copier.stop();
        injection.finish();
        returnPath.close();
        stoppedListener.run();
        if (copies) {
            copying.writeStatistics();
        }
        int status = input.end(Optional.ofNullable(failure).map(Throwable::getMessage));
        if (failure != null) {
            throw failure;
        }
        LOG.info("tcpcopy stopped");
        return status;
    }

    /** Ends {@link #run}. Any thread may call it. */
    public void stop() {
        loop.stop();
    }

    /** Has the statistics written at once, besides those every 30 seconds. Any thread may call it. */
    public void writeStatisticsNow() {
        statisticsTimer.writeNow();
    }

    /** What others ask of the program. Any thread may ask. */
    public RunningProgram running() {
        return new RunningProgram(loop::submit, metrics, symptomTimer::findings, this::notReady);
    }

    private Optional<String> notReady() {
        return input.lost().or(this::wayBackLost).or(this::wayOutClosed);
    }

    private Optional<String> wayBackLost() {
        if (returnPath.isUp()) {
            return Optional.empty();
        }
        String reasons = returnPath.outages().stream()
                .map(outage -> outage.code().text() + ": " + outage.intercept() + ": " + outage.reason())
                .collect(Collectors.joining("; "));
        return Optional.of("no intercept is connected" + (reasons.isEmpty() ? "" : ": " + reasons));
    }

    private Optional<String> wayOutClosed() {
        return injection.isReady() ? Optional.empty() : Optional.of("packets for targets do not leave this host");
    }

    @Override
    public void close() {
        input.close();
        injection.close();
        loop.close();
    }

    private void endTurn() {
        injection.endTurn();
        copying.endTurn();
    }

    private void fail(Code code, String reason) {
        failure = new StartException(code, reason);
        loop.stop();
    }

    /** Begins to read the input; not before the return path was tried, since without one there may be no start. */
    private void begin() {
        if (copies) {
            return;
        }
        copies = true;
        symptomTimer.start();
        input.start();
        statisticsTimer.start();
        String how = Stream.of(returnPath.description(), input.description())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        LOG.info("tcpcopy started: copying {}, {}", copying.describe(settings.transferText()), how);
        injection.started();
        startedListener.run();
    }

    private List<Symptom> symptoms() {
        List<Symptom> symptoms = new ArrayList<>();
        if (input.isLive()) {
            symptoms.add(CopySymptoms.nothingCaptured(metrics));
        }
        symptoms.addAll(TunnelSymptoms.of(returnPath));
        symptoms.add(LogLines.lost());
        symptoms.addAll(copying.symptoms(() -> !returnPath.outages().isEmpty()));
        return symptoms;
    }

    /** Hears of the return path. */
    private final class PathListener implements ReturnPath.Listener {
        @Override
        public void reachable() {
            everReachable = true;
            begin();
            if (paused) {
                paused = false;
                LOG.info("an intercept is back, copying goes on");
                copying.resume();
            }
        }

        @Override
        public void unreachable(Code code, String reason) {
            if (returnPath.isIndispensable()) {
                fail(
                        code,
                        (everReachable ? "no intercept is left: " : "no intercept can be reached: ") + reason
                                + " (-L keeps running without one)");
                return;
            }
            begin();
            if (everReachable && !paused) {
                paused = true;
                LOG.warn("{}: no intercept is left: nothing is copied until one is back", code.text());
                copying.pause();
            }
        }

        @Override
        public void forEachRoute(Routes.Visitor visitor) {
            copying.forEachRoute(visitor);
        }

        @Override
        public void response(ResponseRecord record) {
            copying.response(record);
        }
    }

    /** The copier's deadlines in the loop. */
    private final class Deadlines implements Timed {
        @Override
        public long nextDeadlineNs() {
            return copier.nextDeadlineNs();
        }

        @Override
        public void runDue(long nowNs) {
            copier.runDue();
        }
    }
}
