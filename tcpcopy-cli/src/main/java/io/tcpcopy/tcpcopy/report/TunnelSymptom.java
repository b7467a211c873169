package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Symptom;
import io.tcpcopy.diagnosis.Symptom.State;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.tcpcopy.returnpath.Outage;
import io.tcpcopy.tcpcopy.returnpath.ReturnPath;
import java.util.List;
import java.util.Optional;

/** What shows while nothing comes back from an intercept: one symptom for each, since one may be out while others work. */
public final class TunnelSymptom {
    private final ReturnPath path;
    private final Endpoint intercept;
    /** What was seen at the last look: a moment later it may be over. */
    private Optional<Outage> seen = Optional.empty();

    private TunnelSymptom(ReturnPath path, Endpoint intercept) {
        this.path = path;
        this.intercept = intercept;
    }

    /** Those of all intercepts of a return path. */
    public static List<Symptom> of(ReturnPath path) {
        return path.intercepts().stream()
                .distinct()
                .map(intercept -> new TunnelSymptom(path, intercept).symptom())
                .toList();
    }

    private Symptom symptom() {
        return new Symptom(1, lately -> look() ? State.BROKEN : State.WORKS, lately -> finding(seen.orElseThrow()));
    }

    private boolean look() {
        seen = path.outages().stream()
                .filter(outage -> outage.intercept().equals(intercept))
                .findFirst();
        return seen.isPresent();
    }

    private Finding finding(Outage outage) {
        int all = path.intercepts().size();
        return Finding.warning(
                outage.code(),
                "nothing comes back from intercept " + outage.intercept() + ": " + outage.reason()
                        + " (intercepts that are there: "
                        + (all - path.outages().size()) + " of " + all + ")",
                remedy(outage.code()));
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
