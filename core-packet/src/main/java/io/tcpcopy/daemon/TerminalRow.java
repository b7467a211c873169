package io.tcpcopy.daemon;

import io.tcpcopy.net.Libc;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * The last row of the terminal that stderr is, where something is written again and again. Lines of the log scroll above it. A
 * terminal that stands still holds up whoever writes.
 */
public final class TerminalRow implements AutoCloseable {
    private static final int STDERR = 2;
    /** Erases to the end of the row (ECMA-48: EL): what was there may have been longer. */
    private static final String ERASE_REST = "\u001b[K";

    private final PrintStream terminal;
    private final IntSupplier columns;
    private final BooleanSupplier isForeground;
    private final boolean logOnTerminal;
    private boolean closed;

    /**
     * Both are asked again each time: whoever looks may make the window wider, or have the program go on in the background, where the
     * last row is the shell's.
     */
    TerminalRow(PrintStream terminal, IntSupplier columns, BooleanSupplier isForeground, boolean logOnTerminal) {
        this.terminal = terminal;
        this.columns = columns;
        this.isForeground = isForeground;
        this.logOnTerminal = logOnTerminal;
    }

    /**
     * The row, if stderr is a terminal.
     *
     * @param logOnTerminal whether the log goes to stderr as well
     */
    public static Optional<TerminalRow> open(boolean logOnTerminal) {
        if (Libc.terminalColumns(STDERR) <= 0) {
            return Optional.empty();
        }
        if (logOnTerminal) {
            LogSetup.toTerminalAboveItsLastRow();
        }
        return Optional.of(new TerminalRow(
                System.err, () -> Libc.terminalColumns(STDERR), () -> Libc.isInForeground(STDERR), logOnTerminal));
    }

    /** How many characters can be shown, 1 at least. */
    public int length() {
        // One less: in the last column the cursor would go on to the next row. The terminal may be gone meanwhile.
        return Math.max(1, columns.getAsInt() - 1);
    }

    /** Shows a text in the place of the one before, as much of it as fits; nothing in the background, nor after {@link #close}. */
    public synchronized void show(String text) {
        if (!closed && isForeground.getAsBoolean()) {
            terminal.print('\r' + text.substring(0, Math.min(text.length(), length())) + ERASE_REST);
        }
    }

    /** Leaves what is shown as it is, and ends the row. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        terminal.println();
        if (logOnTerminal) {
            LogSetup.toStderr();
        }
    }
}
