package io.tcpcopy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many copies there can be of the same requests without a loss, found by one more in each run; and what becomes of twice as many,
 * which the last run shows.
 */
final class Overload {
    /** At least this part of the copies that arrived in the run without a loss. */
    private static final double LEAST_PART = 0.9;

    private Measurement withoutLoss;
    private int mostCopies;
    private Measurement withLoss;
    private Measurement twice;

    /** Whether another run is wanted. */
    boolean wantsMore() {
        return twice == null && !(withLoss != null && withoutLoss == null);
    }

    /** How many copies it is to have. */
    int copies() {
        return withLoss == null ? mostCopies + 1 : 2 * mostCopies;
    }

    /** Takes that run. */
    void add(Measurement run) {
        if (withLoss != null) {
            twice = run;
        } else if (run.outcome().lost() > 0) {
            withLoss = run;
        } else {
            withoutLoss = run;
            mostCopies = run.row().copies();
        }
    }

    /** What is wrong with the last run, in words; empty if all is well. */
    List<String> faults() {
        if (twice == null) {
            return List.of("one copy is too much already");
        }
        List<String> faults = new ArrayList<>(twice.programFaults());
        if (arrived(twice) < arrived(withoutLoss) * LEAST_PART) {
            faults.add("fewer copies than " + LEAST_PART + " of those without a loss");
        }
        if (lostInSilence() > 0) {
            faults.add(lostInSilence() + " lost that were not shed");
        }
        if (twice.outcome().doubled() > 0) {
            faults.add(twice.outcome().doubled() + " doubled");
        }
        return faults;
    }

    private long lostInSilence() {
        return twice.outcome().lost() - twice.shed().orElse(0);
    }

    private static long arrived(Measurement run) {
        return run.outcome().sent() * run.row().copies() - run.outcome().lost();
    }

    @Override
    public String toString() {
        if (twice == null) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "%d copies: %d arrived; %d copies: %d arrived (%.2f), %d were shed, %d lost otherwise",
                mostCopies,
                arrived(withoutLoss),
                twice.row().copies(),
                arrived(twice),
                (double) arrived(twice) / arrived(withoutLoss),
                twice.shed().orElse(0),
                lostInSilence());
    }
}
