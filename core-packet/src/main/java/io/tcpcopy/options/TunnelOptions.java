package io.tcpcopy.options;

import io.tcpcopy.tunnel.TunnelFormat;
import io.tcpcopy.tunnel.TunnelMode;
import picocli.CommandLine.Option;

/** The modes of the tunnel between both programs, as a picocli mixin: both programs must be given the same. */
public final class TunnelOptions {
    @Option(
            names = "--single",
            order = 700,
            description = "Tunnel without routes, for one tcpcopy alone: intercept spreads the responses over its"
                    + " connections. For both programs or neither.")
    private boolean single;

    @Option(
            names = "--disable-combined",
            order = 701,
            description = "Tunnel that does not combine responses: each goes by itself. For both programs or neither.")
    private boolean notCombined;

    @Option(
            names = {"--resp-payload", "--with-resp-payload"},
            order = 702,
            description = "Tunnel that returns the payload of responses, too, where it is no longer than "
                    + TunnelFormat.MAX_PAYLOAD + " bytes. For both programs or neither.")
    private boolean payload;

    @Option(
            names = "--dnat",
            order = 703,
            description = "Match responses without the target's address, because they come from another one than -x"
                    + " names. For both programs or neither.")
    private boolean dnat;

    /** The mode that the options ask for. */
    public TunnelMode mode() {
        return new TunnelMode(TunnelFormat.of(!notCombined, payload), single, dnat);
    }
}
