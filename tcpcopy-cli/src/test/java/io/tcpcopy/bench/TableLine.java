package io.tcpcopy.bench;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The lines of the table; what the columns mean is in docs/performance.md. */
final class TableLine {

    private static final String COST_HEADING = "  CPU s us/req   MB";

    static final String HEADING = String.format("%-58s  %-19s  %s%n", "", "tcpcopy", "intercept")
            + String.format(
                    "%-25s %-5s %7s %6s %6s %7s %s %s %7s %9s %6s  %s",
                    "row",
                    "whose",
                    "sent",
                    "/s",
                    "lost",
                    "doubled",
                    COST_HEADING,
                    COST_HEADING,
                    "k.drops",
                    "retransm.",
                    "late s",
                    "ledger");

    private static final long MEGABYTE = 1024 * 1024;

    private TableLine() {}

    static String of(Measurement run, String whose) {
        long sent = run.outcome().sent();
        return String.format(
                Locale.ROOT,
                "%-25s %-5s %7d %6.0f %6d %7d %s %s %7s %9s %6.1f  %s%s",
                run.row().name(),
                whose,
                sent,
                sent / run.seconds(),
                run.outcome().lost(),
                run.outcome().doubled(),
                cost(run.tcpcopy(), sent),
                cost(run.intercept(), sent),
                orDash(run.kernelDrops()),
                orDash(run.retransmitted()),
                run.lagSeconds(),
                run.ledger(),
                shed(run.shed())
                        + repeated(run.repeatedPerLost())
                        + run.delay().map(TableLine::delay).orElse(""));
    }

    private static String cost(Measurement.Cost cost, long requests) {
        return String.format(
                Locale.ROOT,
                "%7.2f %6.1f %4d",
                cost.cpuSeconds(),
                cost.cpuMicrosPerRequest(requests),
                cost.peakResidentBytes() / MEGABYTE);
    }

    private static String orDash(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "-";
    }

    private static String shed(OptionalLong requests) {
        return requests.isPresent() ? ", " + requests.getAsLong() + " of them shed" : "";
    }

    private static String repeated(OptionalDouble perLost) {
        return perLost.isPresent()
                ? String.format(Locale.ROOT, ", %.2f bytes repeated per byte lost", perLost.getAsDouble())
                : "";
    }

    private static String delay(Delay delay) {
        return String.format(
                Locale.ROOT,
                ", delay of %d copies %.2f ms, 99 %% %.2f, longest %.2f",
                delay.copies(),
                delay.medianMs(),
                delay.percentile99Ms(),
                delay.longestMs());
    }

    /** Ours divided by the peer: the medians of CPU per request. */
    static String of(Comparison comparison) {
        return String.format(
                Locale.ROOT,
                "%-25s CPU per request, %s / peer: tcpcopy %s, intercept %s",
                comparison.ours().row().name(),
                comparison.ours().contender().name(),
                ratio(comparison, Program.TCPCOPY),
                ratio(comparison, Program.INTERCEPT));
    }

    private static String ratio(Comparison comparison, Program program) {
        return comparison
                .ratio(program)
                .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio.median()))
                .orElse("-");
    }
}
