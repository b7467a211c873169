package io.tcpcopy.intercept.doctor;

import io.tcpcopy.doctor.FindingFormat;
import io.tcpcopy.doctor.Findings;
import io.tcpcopy.intercept.options.InterceptSettings;
import io.tcpcopy.net.StartException;
import java.io.PrintWriter;

/** To be written. */
public final class InterceptDoctor {
    private InterceptDoctor() {}

    /** To be written. */
    public static Findings findings(InterceptSettings settings) {
        throw new UnsupportedOperationException("no checks yet");
    }

    /** To be written. */
    public static int run(InterceptSettings settings, FindingFormat format, PrintWriter out) throws StartException {
        throw new UnsupportedOperationException();
    }
}
