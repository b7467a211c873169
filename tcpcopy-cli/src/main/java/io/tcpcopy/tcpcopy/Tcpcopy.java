package io.tcpcopy.tcpcopy;

import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.daemon.StopSignal;
import io.tcpcopy.net.StartException;
import java.io.PrintWriter;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program: reads the command line, then runs until a signal stops it. */
public final class Tcpcopy {
    private static final Logger LOG = LoggerFactory.getLogger(Tcpcopy.class);

    private Tcpcopy() {}

    /** Runs tcpcopy and ends the JVM with its exit status. */
    public static void main(String[] arguments) {
        Daemon.main("tcpcopy", (out, stop) -> run(arguments, out, stop));
    }

    private static int run(String[] arguments, PrintWriter out, StopSignal stop)
            throws BadInputException, StartException {
        Optional<TcpcopySettings> settings = TcpcopyOptions.read(arguments, out);
        if (settings.isPresent()) {
            run(settings.get(), stop);
        }
        return Daemon.OK;
    }

    private static void run(TcpcopySettings settings, StopSignal stop) throws BadInputException, StartException {
        try (TcpcopyService service = new TcpcopyService(settings)) {
            stop.onStop(service::stop);
            service.run();
        } catch (StartException e) {
            if (settings.logsToFile()) {
                // What goes to stderr in any case would otherwise be missing in the log.
                LOG.error(e.getMessage());
            }
            throw e;
        }
    }
}
