package io.tcpcopy.tcpcopy;

import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.daemon.LifeCycle;
import io.tcpcopy.net.StartException;
import java.io.PrintWriter;
import java.util.Optional;

/** The program: reads the command line, then runs until a signal stops it. */
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
                ? life.live(settings.get().lifeCycle(), () -> copy(settings.get(), life))
                : Daemon.OK;
    }

    private static void copy(TcpcopySettings settings, LifeCycle life) throws BadInputException, StartException {
        try (CopyService service = service(settings)) {
            life.onStop(service::stop);
            life.onStatistics(service::writeStatisticsNow);
            service.run(life::started);
        }
    }

    private static CopyService service(TcpcopySettings settings) throws BadInputException, StartException {
        return switch (settings.protocol()) {
            case TCP -> new TcpcopyService(settings);
            case UDP -> new UdpService(settings);
        };
    }
}
