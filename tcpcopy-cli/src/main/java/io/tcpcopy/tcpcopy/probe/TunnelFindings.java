package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.net.Errno;

/** Says how the connections to the intercepts went. */
final class TunnelFindings {
    /** How the loop's connections name the end that the other side makes. */
    private static final String CLOSED_THERE = "closed by the other end";

    private final boolean onTargets;

    /** Of intercepts that the command line names, or that are expected on each target. */
    TunnelFindings(boolean onTargets) {
        this.onTargets = onTargets;
    }

    /** What is to be said of one. */
    Finding of(Tunnel tunnel) {
        Endpoint intercept = tunnel.intercept();
        if (tunnel.trouble().isEmpty()) {
            return tunnel.wasUp()
                    ? Finding.ok(Code.INTERCEPT_UNREACHABLE, "intercept " + intercept + ": connected")
                    : unreachable(intercept, "intercept " + intercept + ": no answer within 1 s");
        }
        String seen = tunnel.trouble().get();
        if (tunnel.wasUp()) {
            return lost(intercept, seen);
        }
        return seen.endsWith(Errno.message(Errno.ECONNREFUSED))
                ? refused(intercept, seen)
                : unreachable(intercept, seen);
    }

    private static Finding unreachable(Endpoint intercept, String seen) {
        return Finding.error(
                Code.INTERCEPT_UNREACHABLE,
                seen,
                "see whether " + intercept.address() + " is up (ip route get " + intercept.address()
                        + "), and let its firewall and those between admit TCP port " + intercept.port());
    }

    private Finding refused(Endpoint intercept, String seen) {
        return Finding.error(
                Code.INTERCEPT_REFUSES,
                seen,
                onTargets
                        ? "start intercept --traditional on each target, where it is expected as -s names none; or name its"
                                + " host with -s"
                        : "start intercept on " + intercept.address() + " (ss -ltn 'sport = :" + intercept.port()
                                + "' there shows it), or correct -s and -p");
    }

    private static Finding lost(Endpoint intercept, String seen) {
        if (seen.endsWith(CLOSED_THERE) || seen.endsWith(Errno.message(Errno.ECONNRESET))) {
            return Finding.error(
                    Code.INTERCEPT_CLOSES,
                    seen,
                    "its log on " + intercept.address()
                            + " says why: --allow, or another program listens on that port");
        }
        return Finding.error(
                Code.MODES_DIFFER, seen, "give both programs the same: their logs name the tunnel mode at the start");
    }
}
