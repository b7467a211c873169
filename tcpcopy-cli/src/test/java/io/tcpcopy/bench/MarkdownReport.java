package io.tcpcopy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Medians and spread in a file, for people. */
final class MarkdownReport {

    private static final double MEGABYTE = 1024 * 1024;

    private MarkdownReport() {}

    static void write(List<RowResult> results, Path to) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(
                "| row | whose | runs | requests/s | lost | doubled | kernel drops | tcpcopy us a request | MB"
                        + " | intercept us a request | MB | last copy, s later | bytes repeated per byte lost | delay ms, median; 99 % |");
        lines.add("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        results.forEach(result -> lines.add(line(result)));
        Files.write(to, lines);
    }

    private static String line(RowResult result) {
        return "| "
                + String.join(
                        " | ",
                        result.row().name(),
                        result.contender().name(),
                        "" + result.runs().size(),
                        spread("%.0f", result.spread(run -> run.outcome().sent() / run.seconds())),
                        spread("%.0f", result.spread(run -> run.outcome().lost())),
                        spread("%.0f", result.spread(run -> run.outcome().doubled())),
                        spread(
                                "%.0f",
                                result.known(run -> run.kernelDrops().stream()
                                        .asDoubleStream()
                                        .findFirst())),
                        spread("%.1f", result.spread(Program.TCPCOPY::cpuMicrosPerRequest)),
                        spread("%.0f", result.spread(run -> run.tcpcopy().peakResidentBytes() / MEGABYTE)),
                        spread("%.1f", result.spread(Program.INTERCEPT::cpuMicrosPerRequest)),
                        spread("%.0f", result.spread(run -> run.intercept().peakResidentBytes() / MEGABYTE)),
                        spread("%.1f", result.spread(Measurement::lagSeconds)),
                        spread("%.2f", result.known(Measurement::repeatedPerLost)),
                        result.delay(Delay::medianMs).isEmpty()
                                ? "-"
                                : spread("%.2f", result.delay(Delay::medianMs)) + "; "
                                        + spread("%.2f", result.delay(Delay::percentile99Ms)))
                + " |";
    }

    private static String spread(String format, Optional<RowResult.Spread> spread) {
        return spread.map(known -> known.text(format)).orElse("-");
    }
}
