package io.tcpcopy.intercept.collect;

import io.tcpcopy.intercept.options.InterceptSettings;
import io.tcpcopy.net.StartException;
import java.io.PrintWriter;
import java.nio.file.Path;

/** To be written. */
public final class InterceptReport {
    private InterceptReport() {}

    /** To be written. */
    public static int write(InterceptSettings settings, Path file, PrintWriter out) throws StartException {
        throw new UnsupportedOperationException();
    }
}
