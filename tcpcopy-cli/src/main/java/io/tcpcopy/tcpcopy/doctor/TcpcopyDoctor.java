package io.tcpcopy.tcpcopy.doctor;

import io.tcpcopy.doctor.FindingFormat;
import io.tcpcopy.doctor.Findings;
import io.tcpcopy.net.StartException;
import io.tcpcopy.tcpcopy.options.TcpcopySettings;
import java.io.PrintWriter;

/** To be written. */
public final class TcpcopyDoctor {
    private TcpcopyDoctor() {}

    /** To be written. */
    public static Findings findings(TcpcopySettings settings) {
        throw new UnsupportedOperationException("no checks yet");
    }

    /** To be written. */
    public static int run(TcpcopySettings settings, FindingFormat format, PrintWriter out) throws StartException {
        throw new UnsupportedOperationException();
    }
}
