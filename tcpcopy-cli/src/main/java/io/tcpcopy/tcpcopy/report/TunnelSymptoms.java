package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Symptom;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.tcpcopy.returnpath.Outage;
import io.tcpcopy.tcpcopy.returnpath.ReturnPath;
import java.util.List;
import java.util.Optional;

/** Which intercept nothing comes back from: one symptom for each, since one may be out while others work. */
public final class TunnelSymptoms {
    private TunnelSymptoms() {}

    /** Those of all intercepts of a return path. */
    public static List<Symptom> of(ReturnPath path) {
        return path.intercepts().stream()
                .distinct()
                .map(intercept -> Symptom.lookedFor(() -> outage(path, intercept)))
                .toList();
    }

    private static Optional<Finding> outage(ReturnPath path, Endpoint intercept) {
        List<Outage> outages = path.outages();
        int all = path.intercepts().size();
        String there = " (intercepts that are there: " + (all - outages.size()) + " of " + all + ")";
        return outages.stream()
                .filter(outage -> outage.intercept().equals(intercept))
                .map(outage -> Finding.warning(
                        outage.code(),
                        "nothing comes back from intercept " + intercept + ": " + outage.reason() + there,
                        remedy(outage.code())))
                .findFirst();
    }

    private static String remedy(Code code) {
        return switch (code) {
            case INTERCEPT_REFUSES -> "start intercept there, or correct -s and -p";
            case INTERCEPT_CLOSES -> "see the log of intercept, its --allow, and with --single which tcpcopy it serves";
            case MODES_DIFFER -> "compare the tunnel mode in the start lines of both logs";
            default -> "see whether its host is up, and whether a firewall drops TCP to that port, or from it";
        };
    }
}
