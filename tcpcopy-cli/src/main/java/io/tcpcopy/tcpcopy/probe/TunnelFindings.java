package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.tcpcopy.returnpath.Outage;

/** Says how the connections to the intercepts went. */
final class TunnelFindings {
    private final boolean onTargets;

    /** Of intercepts that the command line names, or that are expected on each target. */
    TunnelFindings(boolean onTargets) {
        this.onTargets = onTargets;
    }

    /** What is to be said of one. */
    Finding of(Tunnel tunnel) {
        Endpoint intercept = tunnel.intercept();
        if (tunnel.trouble().isPresent()) {
            return of(tunnel.trouble().get());
        }
        return tunnel.wasUp()
                ? Finding.ok(Code.INTERCEPT_UNREACHABLE, "intercept " + intercept + ": connected")
                : of(new Outage(
                        intercept, Code.INTERCEPT_UNREACHABLE, "intercept " + intercept + ": no answer within 1 s"));
    }

    private Finding of(Outage outage) {
        return Finding.error(outage.code(), outage.reason(), remedy(outage));
    }

    private String remedy(Outage outage) {
        Endpoint intercept = outage.intercept();
        return switch (outage.code()) {
            case INTERCEPT_REFUSES ->
                onTargets
                        ? "start intercept --traditional on each target, where it is expected as -s names none; or name its"
                                + " host with -s"
                        : "start intercept on " + intercept.address() + " (ss -ltn 'sport = :" + intercept.port()
                                + "' there shows it), or correct -s and -p";
            case INTERCEPT_CLOSES ->
                "its log on " + intercept.address() + " says why: --allow, or another program listens on that port";
            case MODES_DIFFER -> "give both programs the same: their logs name the tunnel mode at the start";
            default ->
                "see whether " + intercept.address() + " is up (ip route get " + intercept.address()
                        + "), and let its firewall and those between admit TCP port " + intercept.port();
        };
    }
}
