package io.tcpcopy.intercept;

import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.daemon.LifeCycle;
import io.tcpcopy.intercept.options.InterceptOptions;
import io.tcpcopy.intercept.options.InterceptSettings;
import io.tcpcopy.intercept.serve.InterceptService;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
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
        return settings.isPresent()
                ? life.run(settings.get().lifeCycle(), () -> serve(settings.get(), life))
                : Daemon.OK;
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
