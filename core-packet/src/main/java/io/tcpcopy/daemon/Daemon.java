package io.tcpcopy.daemon;

import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a program. An error becomes one line on stderr, and in the log where that is a file; the outcome becomes the
 * exit status.
 */
public final class Daemon {
    /** Exit status: did what was asked, which a stop by a signal is as well. */
    public static final int OK = 0;
    /** Exit status: could not start, or had to give up. */
    public static final int FAILED = 1;
    /** Exit status: the command line asks for something that is not possible. */
    public static final int BAD_INPUT = 2;
    /** Exit status: came to an end, but something was lost. */
    public static final int LOST = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /** Control characters and separators of lines, any of which a command line may hold: an error is one line. */
    private static final Pattern LINE_BREAKS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

    private final String name;
    private final PrintStream err;

    Daemon(String name, PrintStream err) {
        this.name = name;
        this.err = err;
    }

    /** What a program does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs until the program is done.
         *
         * @param out for help and version
         * @param life lets the program's work run as the command line asks for
         * @return the exit status
         */
        int run(PrintWriter out, LifeCycle life) throws BadInputException, StartException;
    }

    /**
     * Runs a program and ends the JVM with its exit status.
     *
     * @param name of the program, before each error
     */
    public static void main(String name, Body body) {
        // Otherwise libraries would write to stdout until the command line is read, as pcap4j does.
        LogSetup.toStderr();
        StopSignal stop = new StopSignal();
        stop.install();
        LifeCycle life = new LifeCycle(stop);
        life.handleSignals();
        int status = new Daemon(name, System.err).run(new PrintWriter(System.out), life, body);
        stop.exit(status);
    }

    int run(PrintWriter out, LifeCycle life, Body body) {
        try {
            int status = body.run(out, life);
            if (status == OK && out.checkError()) {
                reportError(life, "standard output cannot be written: is the disk full, or the reader of a pipe gone?");
                return FAILED;
            }
            return status;
        } catch (BadInputException e) {
            reportError(life, e.getMessage());
            return BAD_INPUT;
        } catch (StartException e) {
            reportError(life, e.getMessage());
            return FAILED;
        } catch (RuntimeException | Error e) {
            reportError(life, words(e));
            return FAILED;
        }
    }

    private static String words(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                // Its message tells which: the heap, memory outside of it, or threads.
                return "out of memory or threads: " + cause.getMessage();
            }
        }
        return "internal error: " + failure + place(failure);
    }

    private void reportError(LifeCycle life, String message) {
        String line = LINE_BREAKS.matcher(message).replaceAll(" ");
        err.println(name + ": " + line);
        if (life.logsToFile()) {
            LOG.error(line);
        }
    }

    private static String place(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }
}
