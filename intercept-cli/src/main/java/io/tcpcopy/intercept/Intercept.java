package io.tcpcopy.intercept;

import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.daemon.StopSignal;
import io.tcpcopy.net.StartException;
import java.io.PrintWriter;
import java.util.Optional;

/** The program: reads the command line, then runs until a signal stops it. */
public final class Intercept {
    private Intercept() {}

    /** Runs intercept and ends the JVM with its exit status. */
    public static void main(String[] arguments) {
        Daemon.main("intercept", (out, stop) -> run(arguments, out, stop));
    }

    private static int run(String[] arguments, PrintWriter out, StopSignal stop)
            throws BadInputException, StartException {
        Optional<InterceptSettings> settings = InterceptOptions.read(arguments, out);
        if (settings.isPresent()) {
            try (InterceptService service = new InterceptService(settings.get())) {
                stop.onStop(service::stop);
                service.run();
            }
        }
        return Daemon.OK;
    }
}
