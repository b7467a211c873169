package io.tcpcopy.intercept;

import io.tcpcopy.collect.Report;
import io.tcpcopy.collect.ReportRequests;
import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.daemon.LifeCycle;
import io.tcpcopy.intercept.collect.InterceptReport;
import io.tcpcopy.intercept.doctor.InterceptDoctor;
import io.tcpcopy.intercept.options.InterceptOptions;
import io.tcpcopy.intercept.options.InterceptSettings;
import io.tcpcopy.intercept.serve.InterceptService;
import io.tcpcopy.net.StartException;
import io.tcpcopy.observe.AddressMask;
import io.tcpcopy.observe.RunningProgram;
import io.tcpcopy.observe.StatusServer;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.Errand;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The program: reads the command line, then runs until a signal stops it. */
public final class Intercept {
    private Intercept() {}

    /** Runs intercept and ends the JVM with its exit status. */
    public static void main(String[] arguments) {
        Daemon.main("intercept", (out, life) -> run(arguments, out, life));
    }

    private static int run(String[] arguments, PrintWriter out, LifeCycle life)
            throws BadInputException, StartException {
        Optional<InterceptSettings> settings = InterceptOptions.read(arguments, out);
        if (settings.isEmpty()) {
            return Daemon.OK;
        }
        return settings.get().errand().isPresent()
                ? run(settings.get().errand().get(), settings.get(), arguments, out)
                : life.run(settings.get().lifeCycle(), () -> serve(settings.get(), arguments, life));
    }

    private static int run(Errand errand, InterceptSettings settings, String[] arguments, PrintWriter out)
            throws BadInputException, StartException {
        if (errand instanceof Errand.Doctor doctor) {
            return InterceptDoctor.run(settings, doctor.format(), out);
        }
        InterceptReport.of(settings, List.of(arguments), Optional.empty()).write(((Errand.Report) errand).file(), out);
        return Daemon.OK;
    }

    private static int serve(InterceptSettings settings, String[] arguments, LifeCycle life)
            throws BadInputException, StartException {
        if (settings.metrics().isEmpty()) {
            return serve(settings, arguments, life, (program, mask) -> {});
        }
        // Before anything is captured: the port may be taken.
        try (StatusServer status = StatusServer.listen(settings.metrics().get())) {
            return serve(settings, arguments, life, status::serve);
        }
    }

    private static int serve(
            InterceptSettings settings,
            String[] arguments,
            LifeCycle life,
            BiConsumer<RunningProgram, AddressMask> status)
            throws BadInputException, StartException {
        try (InterceptService service = InterceptService.ofKernel(settings)) {
            life.onStop(service::stop);
            life.onStatistics(service::writeStatisticsNow);
            Report report = InterceptReport.of(settings, List.of(arguments), Optional.of(service.running()));
            life.onReport(new ReportRequests(report)::writeNow);
            status.accept(service.running(), new AddressMask(report.kept()));
            service.run(life::started);
            return Daemon.OK;
        }
    }
}
