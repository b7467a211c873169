package io.tcpcopy.tcpcopy.offline;

import io.tcpcopy.daemon.LogSetup;
import io.tcpcopy.net.Libc;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on the last row of the terminal that stderr is; a thread of its library draws it. */
final class TerminalBar {
    private static final int STDERR = 2;
    /** As often as {@link ReplayProgress} has something new to show. */
    private static final int UPDATE_INTERVAL_MS = 500;

    private static final int PERCENT = 100;

    private final boolean logOnTerminal;
    private final ProgressBar bar;

    private TerminalBar(String name, boolean logOnTerminal) {
        this.logOnTerminal = logOnTerminal;
        if (logOnTerminal) {
            LogSetup.toTerminalAboveItsLastRow();
        }
        bar = new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(PERCENT)
                .setUnit("%", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_INTERVAL_MS)
                .setConsumer(new LastRow())
                .build();
    }

    /**
     * A bar, if stderr is a terminal.
     *
     * @param logOnTerminal whether the log goes to stderr as well: its lines are written above the bar
     */
    static Optional<TerminalBar> open(String name, boolean logOnTerminal) {
        return Libc.terminalColumns(STDERR) > 0 ? Optional.of(new TerminalBar(name, logOnTerminal)) : Optional.empty();
    }

    /** Shows how much is done, 0 to 1. */
    void show(double done, String message) {
        bar.stepTo((long) (done * PERCENT));
        bar.setExtraMessage(message);
    }

    /** Leaves the bar as it is, and ends its row. */
    void close() {
        bar.close();
        if (logOnTerminal) {
            LogSetup.toStderr();
        }
    }

    private static final class LastRow implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            // One less: in the last column the cursor would go on to the next row. The terminal may be gone meanwhile.
            return Math.max(1, Libc.terminalColumns(STDERR) - 1);
        }

        @Override
        public void accept(String row) {
            System.err.print('\r' + row);
        }

        @Override
        public void close() {
            System.err.println();
        }
    }
}
