package io.tcpcopy.tcpcopy.collect;

import io.tcpcopy.net.StartException;
import io.tcpcopy.tcpcopy.options.TcpcopySettings;
import java.io.PrintWriter;
import java.nio.file.Path;

/** To be written. */
public final class TcpcopyReport {
    private TcpcopyReport() {}

    /** To be written. */
    public static int write(TcpcopySettings settings, Path file, PrintWriter out) throws StartException {
        throw new UnsupportedOperationException();
    }
}
