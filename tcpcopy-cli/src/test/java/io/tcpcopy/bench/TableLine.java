package io.tcpcopy.bench;

import java.util.Locale;
import java.util.OptionalLong;

/** The lines of the table; what the columns mean is in docs/performance.md. */
final class TableLine {

    private static final String COST_HEADING = "  CPU s us/req   MB";

    static final String HEADING = String.format("%-58s  %-19s  %s%n", "", "tcpcopy", "intercept")
            + String.format(
                    "%-25s %-5s %7s %6s %6s %7s %s %s %7s %9s  %s",
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
                    "ledger");

    private static final long MEGABYTE = 1024 * 1024;

    private TableLine() {}

    static String of(Measurement run, String whose) {
        long sent = run.outcome().sent();
        return String.format(
                Locale.ROOT,
                "%-25s %-5s %7d %6.0f %6d %7d %s %s %7s %9s  %s",
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
                run.ledger());
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

    /** Ours divided by the peer's: CPU per request. */
    static String ratio(Measurement ours, Measurement peer) {
        return String.format(
                Locale.ROOT,
                "%-25s CPU per request, ours / peer: tcpcopy %.2f, intercept %.2f",
                ours.row().name(),
                ratio(ours.tcpcopy(), ours, peer.tcpcopy(), peer),
                ratio(ours.intercept(), ours, peer.intercept(), peer));
    }

    private static double ratio(Measurement.Cost one, Measurement ofOne, Measurement.Cost other, Measurement ofOther) {
        return one.cpuMicrosPerRequest(ofOne.outcome().sent())
                / other.cpuMicrosPerRequest(ofOther.outcome().sent());
    }
}
