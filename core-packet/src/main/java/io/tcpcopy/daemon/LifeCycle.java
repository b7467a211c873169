package io.tcpcopy.daemon;

import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.LifeCycleSettings;
import io.tcpcopy.options.OptionValue;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a program does around its work: it may have to detach itself, has a log and perhaps a PID file, handles signals,
 * and reports that it runs to systemd and to the process that started it.
 */
public final class LifeCycle {
    private static final Logger LOG = LoggerFactory.getLogger(LifeCycle.class);

    private static final String STATISTICS_SIGNAL = "USR1";
    /** Java suspends threads with this one, unless the launcher has given it another. */
    private static final String REPORT_SIGNAL = "USR2";

    private final StopSignal stopSignal;
    private volatile Runnable statistics = () -> {};
    private volatile Runnable report = () -> {};
    private boolean logsToFile;
    private boolean detached;

    LifeCycle(StopSignal stopSignal) {
        this.stopSignal = stopSignal;
    }

    /** What a program does between its start and its end. */
    @FunctionalInterface
    public interface Work {
        /**
         * Runs until the program is to end.
         *
         * @return the exit status
         */
        int run() throws BadInputException, StartException;
    }

    /**
     * Sets what stops the work: called once, on another thread, so it should only wake the program's own thread up. Called
     * at once when the signal has come already.
     */
    public void onStop(Runnable action) {
        stopSignal.onStop(action);
    }

    /**
     * Sets what is called at each SIGUSR1, on another thread: it should only have the program's own thread write
     * statistics.
     */
    public void onStatistics(Runnable action) {
        statistics = action;
    }

    /** Sets what is called at each SIGUSR2, on a thread of its own, which may take its time: it should write a report. */
    public void onReport(Runnable action) {
        report = action;
    }

    /**
     * Does the program's work. With {@code -d} another process does it, and this one ends when that runs.
     *
     * @return the exit status
     */
    public int run(LifeCycleSettings settings, Work work) throws BadInputException, StartException {
        Libc.checkPlatform();
        stopSignal.insist();
        JvmSignals.unblock(STATISTICS_SIGNAL);
        JvmSignals.unblock(REPORT_SIGNAL);
        if (settings.daemon()) {
            if (!DetachedProcess.isThisOne()) {
                return DetachedProcess.start(stopSignal);
            }
            DetachedProcess.leaveTerminal();
            detached = true;
        }
        setUpLog(settings);
        settings.withoutEffect()
                .forEach(option -> LOG.info("{} is accepted, but not needed here: it has no effect", option));
        Optional<OptionValue> pidFile = settings.pidFile();
        return pidFile.isPresent() ? runWithPidFile(pidFile.get(), work) : work.run();
    }

    private void setUpLog(LifeCycleSettings settings) throws StartException {
        if (settings.logFile().isEmpty()) {
            LogSetup.toStderr();
            return;
        }
        try {
            LogSetup.toFile(settings.logFile().get());
            logsToFile = true;
        } catch (IOException e) {
            // It could be written a moment ago.
            throw new StartException("the log cannot be written: " + OptionValue.reason(e));
        }
    }

    private static int runWithPidFile(OptionValue file, Work work) throws BadInputException, StartException {
        PidFile pidFile = PidFile.take(file);
        try {
            return work.run();
        } finally {
            pidFile.remove();
        }
    }

    /** To be called once, by the work, when it has begun: notifies systemd, and the process that waits for a daemon. */
    public void started() {
        Supervisor.notifyReady();
        if (detached) {
            DetachedProcess.detach();
        }
    }

    /** Handles SIGUSR1 and SIGUSR2 from now on, which would otherwise end the process, unless they are ignored. */
    void handleSignals() {
        JvmSignals.handle(STATISTICS_SIGNAL, () -> statistics.run());
        JvmSignals.handle(REPORT_SIGNAL, () -> report.run());
    }

    /** Whether the log goes to a file: an error on stderr must then be in the log as well. */
    boolean logsToFile() {
        return logsToFile;
    }
}
