package io.tcpcopy.tcpcopy;

import io.tcpcopy.collect.Report;
import io.tcpcopy.collect.ReportRequests;
import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.daemon.LifeCycle;
import io.tcpcopy.net.StartException;
import io.tcpcopy.observe.AddressMask;
import io.tcpcopy.observe.RunningProgram;
import io.tcpcopy.observe.StatusServer;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.Errand;
import io.tcpcopy.tcpcopy.collect.TcpcopyReport;
import io.tcpcopy.tcpcopy.copy.CopyLoop;
import io.tcpcopy.tcpcopy.copy.CopyParts;
import io.tcpcopy.tcpcopy.copy.CopySettings;
import io.tcpcopy.tcpcopy.copy.Input;
import io.tcpcopy.tcpcopy.doctor.TcpcopyDoctor;
import io.tcpcopy.tcpcopy.offline.OfflineInput;
import io.tcpcopy.tcpcopy.options.TcpcopyOptions;
import io.tcpcopy.tcpcopy.options.TcpcopySettings;
import io.tcpcopy.tcpcopy.probe.Probe;
import io.tcpcopy.tcpcopy.report.LiveLine;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

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
        if (settings.isEmpty()) {
            return Daemon.OK;
        }
        return settings.get().errand().isPresent()
                ? run(settings.get().errand().get(), settings.get(), arguments, out)
                : life.run(settings.get().lifeCycle(), () -> copy(settings.get(), arguments, out, life));
    }

    private static int run(Errand errand, TcpcopySettings settings, String[] arguments, PrintWriter out)
            throws BadInputException, StartException {
        if (errand instanceof Errand.Doctor doctor) {
            return TcpcopyDoctor.run(settings, doctor.format(), out);
        }
        if (errand instanceof Errand.Probe probe) {
            return Probe.run(settings, probe.clients(), out);
        }
        TcpcopyReport.of(settings, List.of(arguments), Optional.empty()).write(((Errand.Report) errand).file(), out);
        return Daemon.OK;
    }

    private static int copy(TcpcopySettings settings, String[] arguments, PrintWriter out, LifeCycle life)
            throws BadInputException, StartException {
        if (settings.metrics().isEmpty()) {
            return copy(settings, arguments, out, life, (program, mask) -> {});
        }
        // Before anything is captured: the port may be taken.
        try (StatusServer status = StatusServer.listen(settings.metrics().get())) {
            return copy(settings, arguments, out, life, status::serve);
        }
    }

    private static int copy(
            TcpcopySettings settings,
            String[] arguments,
            PrintWriter out,
            LifeCycle life,
            BiConsumer<RunningProgram, AddressMask> status)
            throws BadInputException, StartException {
        try (CopyLoop loop = loop(settings, input(settings, out))) {
            life.onStop(loop::stop);
            life.onStatistics(loop::writeStatisticsNow);
            Report report = TcpcopyReport.of(settings, List.of(arguments), Optional.of(loop.running()));
            life.onReport(new ReportRequests(report)::writeNow);
            status.accept(loop.running(), new AddressMask(report.kept()));
            LiveLine line = new LiveLine(loop.running());
            return loop.run(
                    () -> {
                        life.started();
                        if (hasLiveLine(settings)) {
                            line.start();
                        }
                    },
                    line::stop);
        }
    }

    /** People who see the log see one on their terminal; the replay of a file has its bar there. */
    private static boolean hasLiveLine(TcpcopySettings settings) {
        return settings.offline().isEmpty() && settings.lifeCycle().logFile().isEmpty();
    }

    /** Where packets come from. People see the summary of a replay in the log; with a log file, also on stdout. */
    private static Input.Opener input(TcpcopySettings settings, PrintWriter out) {
        Optional<PrintWriter> besideLog = settings.lifeCycle().logFile().map(log -> out);
        return settings.offline()
                .map(offline -> OfflineInput.opener(offline, settings.copy().transferText(), besideLog))
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
