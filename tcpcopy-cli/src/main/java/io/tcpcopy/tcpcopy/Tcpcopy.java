package io.tcpcopy.tcpcopy;

import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.daemon.LifeCycle;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.tcpcopy.copy.CopyLoop;
import io.tcpcopy.tcpcopy.copy.CopyParts;
import io.tcpcopy.tcpcopy.copy.CopySettings;
import io.tcpcopy.tcpcopy.copy.Input;
import io.tcpcopy.tcpcopy.offline.OfflineInput;
import io.tcpcopy.tcpcopy.options.TcpcopyOptions;
import io.tcpcopy.tcpcopy.options.TcpcopySettings;
import java.io.PrintWriter;
import java.util.Optional;

/** The program: reads the command line, then runs until a signal stops it or everything is replayed. */
public final class Tcpcopy {
    private Tcpcopy() {}

    /** Runs tcpcopy and ends the JVM with its exit status. */
    public static void main(String[] arguments) {
        Daemon.main("tcpcopy", (out, life) -> run(arguments, out, life));
    }

    private static int run(String[] arguments, PrintWriter out, LifeCycle life)
            throws BadInputException, StartException {
        Optional<TcpcopySettings> settings = TcpcopyOptions.read(arguments, out);
        return settings.isPresent()
                ? life.run(settings.get().lifeCycle(), () -> copy(settings.get(), out, life))
                : Daemon.OK;
    }

    private static int copy(TcpcopySettings settings, PrintWriter out, LifeCycle life)
            throws BadInputException, StartException {
        try (CopyLoop loop = loop(settings, input(settings, out))) {
            life.onStop(loop::stop);
            life.onStatistics(loop::writeStatisticsNow);
            return loop.run(life::started);
        }
    }

    /** Where packets come from. People see the summary of a replay in the log; with a log file, also on stdout. */
    private static Input.Opener input(TcpcopySettings settings, PrintWriter out) {
        Optional<PrintWriter> besideLog = settings.lifeCycle().logFile().map(log -> out);
        return settings.offline()
                .map(offline -> OfflineInput.opener(offline, besideLog))
                .orElseGet(() -> Input.capturing(settings.captures()));
    }

    private static CopyLoop loop(TcpcopySettings settings, Input.Opener input)
            throws BadInputException, StartException {
        CopySettings copy = settings.copy();
        return switch (settings.protocol()) {
            case TCP -> CopyLoop.ofTcp(copy, CopyParts.ofKernel(copy, input, settings.returnPath()));
            case UDP -> CopyLoop.ofUdp(copy, CopyParts.ofKernel(copy, input));
        };
    }
}
