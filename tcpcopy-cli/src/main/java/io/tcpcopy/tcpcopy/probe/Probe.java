package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.flow.Address;
import io.tcpcopy.net.StartException;
import io.tcpcopy.tcpcopy.options.TcpcopySettings;
import java.io.PrintWriter;
import java.util.List;

/** To be written. */
public final class Probe {
    private Probe() {}

    /** To be written. */
    public static int run(TcpcopySettings settings, List<Address> clients, PrintWriter out) throws StartException {
        throw new UnsupportedOperationException();
    }
}
