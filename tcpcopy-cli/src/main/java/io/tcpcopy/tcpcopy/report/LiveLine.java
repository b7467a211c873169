package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.daemon.TerminalRow;
import io.tcpcopy.observe.RunningProgram;
import io.tcpcopy.tcpcopy.report.LiveFigures.Moment;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One line on the terminal that renews itself while the program copies. A thread of its own writes it, since a terminal may stand
 * still; the program's thread is asked for a few numbers once a second.
 */
public final class LiveLine {
    private static final long INTERVAL_MS = 1000;

    private final RunningProgram program;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(LiveLine::thread);
    private Optional<TerminalRow> row = Optional.empty();

    /** Shows nothing before {@link #start}. */
    public LiveLine(RunningProgram program) {
        this.program = program;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "live-line");
        thread.setDaemon(true);
        return thread;
    }

    /** Begins to show it, if stderr is a terminal, to which the log has to go as well. To be called on the program's thread. */
    public void start() {
        row = TerminalRow.open(true);
        row.ifPresent(terminal -> {
            LiveFigures figures = new LiveFigures(look());
            scheduleNext(figures, terminal);
        });
    }

    /** Each line is asked for when the one before is there: the program's thread may be busy, and the terminal stand still. */
    private void scheduleNext(LiveFigures figures, TerminalRow terminal) {
        thread.schedule(() -> renew(figures, terminal), INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    private void renew(LiveFigures figures, TerminalRow terminal) {
        CompletableFuture.supplyAsync(this::look, program.loop())
                .thenAcceptAsync(
                        now -> {
                            terminal.show(figures.next(now));
                            scheduleNext(figures, terminal);
                        },
                        thread);
    }

    private Moment look() {
        return Moment.of(program.metrics(), System.nanoTime());
    }

    /** Leaves what it shows on the terminal, and shows no more. To be called on the program's thread. */
    public void stop() {
        thread.shutdownNow();
        row.ifPresent(TerminalRow::close);
    }
}
