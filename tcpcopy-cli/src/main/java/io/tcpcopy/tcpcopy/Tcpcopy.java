package io.tcpcopy.tcpcopy;

import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.daemon.LifeCycle;
import io.tcpcopy.net.StartException;
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
                ? life.live(settings.get().lifeCycle(), () -> copy(settings.get(), out, life))
                : Daemon.OK;
    }

    private static int copy(TcpcopySettings settings, PrintWriter out, LifeCycle life)
            throws BadInputException, StartException {
        try (CopyService service = service(settings, out)) {
            life.onStop(service::stop);
            life.onStatistics(service::writeStatisticsNow);
            return service.run(life::started);
        }
    }

    private static CopyService service(TcpcopySettings settings, PrintWriter out)
            throws BadInputException, StartException {
        return switch (settings.protocol()) {
            case TCP -> new TcpcopyService(settings, out);
            case UDP -> new UdpService(settings, out);
        };
    }
}
