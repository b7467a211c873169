package io.tcpcopy.tunnel;

import java.util.ArrayList;
import java.util.List;

/**
 * What both ends of the tunnel must agree on beforehand, since nothing on the wire tells.
 *
 * @param format how response records are laid out
 * @param single whether intercept serves one tcpcopy alone, which then sends no routes
 * @param dnat whether responses are known without the target's address, since they come from another one than requests
 *     are sent to
 */
public record TunnelMode(TunnelFormat format, boolean single, boolean dnat) {
    /** What both programs use unless they are told otherwise. */
    public static final TunnelMode DEFAULT = new TunnelMode(TunnelFormat.COMBINED, false, false);

    /** The options that ask for the mode, for the log: an operator compares those of both programs. */
    @Override
    public String toString() {
        List<String> options = new ArrayList<>();
        if (single) {
            options.add("--single");
        }
        if (!format.combined()) {
            options.add("--disable-combined");
        }
        if (format.withPayload()) {
            options.add("--resp-payload");
        }
        if (dnat) {
            options.add("--dnat");
        }
        return options.isEmpty() ? "default" : String.join(" ", options);
    }
}
