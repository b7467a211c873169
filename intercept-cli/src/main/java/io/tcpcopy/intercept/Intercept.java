package io.tcpcopy.intercept;

import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.daemon.LifeCycle;
import io.tcpcopy.intercept.collect.InterceptReport;
import io.tcpcopy.intercept.doctor.InterceptDoctor;
import io.tcpcopy.intercept.options.InterceptOptions;
import io.tcpcopy.intercept.options.InterceptSettings;
import io.tcpcopy.intercept.serve.InterceptService;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.Errand;
import java.io.PrintWriter;
import java.util.Optional;

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
                ? run(settings.get().errand().get(), settings.get(), out)
                : life.run(settings.get().lifeCycle(), () -> serve(settings.get(), life));
    }

    private static int run(Errand errand, InterceptSettings settings, PrintWriter out) throws StartException {
        if (errand instanceof Errand.Doctor doctor) {
            return InterceptDoctor.run(settings, doctor.format(), out);
        }
        return InterceptReport.write(settings, ((Errand.Report) errand).file(), out);
    }

    private static int serve(InterceptSettings settings, LifeCycle life) throws BadInputException, StartException {
        try (InterceptService service = InterceptService.ofKernel(settings)) {
            life.onStop(service::stop);
            life.onStatistics(service::writeStatisticsNow);
            service.run(life::started);
            return Daemon.OK;
        }
    }
}
