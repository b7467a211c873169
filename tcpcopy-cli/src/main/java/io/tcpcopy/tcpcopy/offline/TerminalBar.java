package io.tcpcopy.tcpcopy.offline;

import io.tcpcopy.daemon.TerminalRow;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on the last row of the terminal; a thread of its library draws it. */
final class TerminalBar {
    /** As often as {@link ReplayProgress} has something new to show. */
    private static final int UPDATE_INTERVAL_MS = 500;

    private static final int PERCENT = 100;

    private final ProgressBar bar;

    private TerminalBar(String name, TerminalRow row) {
        bar = new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(PERCENT)
                .setUnit("%", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_INTERVAL_MS)
                .setConsumer(new OnRow(row))
                .build();
    }

    /**
     * A bar, if stderr is a terminal.
     *
     * @param logOnTerminal whether the log goes to stderr as well: its lines are written above the bar
     */
    static Optional<TerminalBar> open(String name, boolean logOnTerminal) {
        return TerminalRow.open(logOnTerminal).map(row -> new TerminalBar(name, row));
    }

    /** Shows how much is done, 0 to 1. */
    void show(double done, String message) {
        bar.stepTo((long) (done * PERCENT));
        bar.setExtraMessage(message);
    }

    /** Leaves the bar as it is, and ends its row. */
    void close() {
        bar.close();
    }

    private record OnRow(TerminalRow row) implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            return row.length();
        }

        @Override
        public void accept(String text) {
            row.show(text);
        }

        @Override
        public void close() {
            row.close();
        }
    }
}
