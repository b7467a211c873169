package io.tcpcopy.daemon;

import io.tcpcopy.net.Posix;
import io.tcpcopy.net.StartException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A daemon: a process that goes on without the terminal that it was started from. A JVM cannot fork, since its other
 * threads would be missing in the child, so the program starts once more with the same command line and a mark. The
 * first process waits until the second reports on its standard output that it runs, or has ended. Until then the second
 * writes errors to the standard error that both have.
 */
final class DetachedProcess {
    /** The system property that marks the second process. */
    private static final String MARK = "io.tcpcopy.detached";

    private static final String STARTED = "started";
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final String ARGUMENT_END = "\0";
    /**
     * The property with the encoding in which Java reads the arguments of a process, and passes on those of another.
     */
    private static final String ARGUMENT_ENCODING = "sun.jnu.encoding";

    private static final File NOWHERE = new File("/dev/null");
    /** Above this the exit status is that of a process that a signal ended. */
    private static final int ENDED_BY_SIGNAL = 128;

    private DetachedProcess() {}

    /** Whether this is the second process. */
    static boolean isThisOne() {
        return Boolean.getBoolean(MARK);
    }

    /**
     * Starts the second process and waits until it runs or has ended.
     *
     * @param stop ends it when this process is to stop before
     * @return 0 when it runs, otherwise its exit status
     */
    static int start(StopSignal stop) throws StartException {
        try {
            Process daemon = new ProcessBuilder(commandLine())
                    .redirectInput(NOWHERE)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            stop.onStop(daemon::destroy);
            return isStarted(daemon) ? Daemon.OK : exitStatus(daemon);
        } catch (IOException e) {
            throw new StartException("cannot start a process of its own for -d: " + e.getMessage());
        }
    }

    private static boolean isStarted(Process daemon) throws IOException {
        try (BufferedReader out = daemon.inputReader()) {
            return out.lines().anyMatch(STARTED::equals);
        }
    }

    private static int exitStatus(Process daemon) throws StartException {
        try {
            int status = daemon.waitFor();
            if (status > ENDED_BY_SIGNAL) {
                throw new StartException("the daemon was ended by signal " + (status - ENDED_BY_SIGNAL));
            }
            return status;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Daemon.FAILED;
        }
    }

    private static List<String> commandLine() throws IOException {
        String own = Files.readString(COMMAND_LINE, Charset.forName(System.getProperty(ARGUMENT_ENCODING)));
        // Behind each argument there is an end; what split() would take for empty arguments at the end may be some.
        List<String> arguments = List.of(own.substring(0, own.length() - 1).split(ARGUMENT_END, -1));
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse(arguments.get(0)));
        command.add("-D" + MARK + "=true");
        command.addAll(arguments.subList(1, arguments.size()));
        return command;
    }

    /** In the second process, at first: closing the terminal, or Ctrl-C in it, does not end it from now on. */
    static void leaveTerminal() {
        Posix.newSession();
        JvmSignals.ignore("HUP");
    }

    /**
     * In the second process, when it runs: lets the first one end, and gives up the standard streams and the working
     * directory.
     */
    static void detach() {
        System.out.println(STARTED);
        System.out.flush();
        Posix.closeStandardStreams();
        Posix.changeFolder("/");
    }
}
