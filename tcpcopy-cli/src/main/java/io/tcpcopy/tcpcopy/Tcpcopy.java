package io.tcpcopy.tcpcopy;

import io.tcpcopy.daemon.Daemon;
import java.util.Optional;

/** The program {@code tcpcopy}. */
public final class Tcpcopy {
    private Tcpcopy() {}

    /** Runs until a signal stops it; see {@code tcpcopy -h}. */
    public static void main(String[] arguments) {
        Daemon.main("tcpcopy", (out, stop) -> {
            Optional<TcpcopySettings> settings = TcpcopyOptions.read(arguments, out);
            if (settings.isPresent()) {
                try (TcpcopyService service = new TcpcopyService(settings.get())) {
                    service.run(stop);
                }
            }
            return Daemon.OK;
        });
    }
}
