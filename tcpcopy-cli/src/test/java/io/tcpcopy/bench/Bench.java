package io.tcpcopy.bench;

import io.tcpcopy.bench.Row.Course;
import io.tcpcopy.lab.LabHosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.ParameterException;

/**
 * Runs rows of the bench, one after the other, and prints the table. Exit status: 0 if nothing was lost or doubled, 1 if
 * it was, or a row came to nothing, 2 if the command line is wrong.
 */
final class Bench {

    private final BenchOptions options;
    private final List<Contender> contenders;
    private final LabHosts lab = new LabHosts(Objects.requireNonNullElse(System.getenv("LAB_PREFIX"), "tcpcopy-bench"));
    private final List<RowResult> results = new ArrayList<>();
    private final List<Comparison> comparisons = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /** The lab goes away beneath the row that is running, which then fails as it may. */
    private volatile boolean ending;

    private Bench(BenchOptions options) {
        this.options = options;
        this.contenders = options.contenders();
    }

    /** Runs it; see {@code scripts/bench --help}. */
    public static void main(String[] args) throws IOException {
        BenchOptions options;
        try {
            options = BenchOptions.read(args);
        } catch (ParameterException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(2);
            return;
        }
        if (options.list()) {
            Row.ALL.forEach(row -> System.out.printf("%-25s %s%n", row.name(), row.what()));
            return;
        }
        Bench bench = new Bench(options);
        Runtime.getRuntime().addShutdownHook(new Thread(bench::tidyUp));
        try {
            System.exit(bench.run() ? 0 : 1);
        } catch (IOException | RuntimeException | AssertionError e) {
            if (!bench.ending) {
                throw e;
            }
        }
    }

    private void tidyUp() {
        ending = true;
        try {
            lab.down();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean run() throws IOException {
        System.out.println(TableLine.HEADING);
        for (Row row : options.rows()) {
            List<RowResult> ofRow = contenders.stream()
                    .map(contender -> new RowResult(row, contender))
                    .toList();
            results.addAll(ofRow);
            for (int i = 0; i < options.runs(); i++) {
                for (RowResult result : ofRow) {
                    run(result);
                }
            }
            List<Comparison> ofRowWithPeer = Comparison.of(ofRow);
            ofRowWithPeer.stream().map(TableLine::of).forEach(System.out::println);
            comparisons.addAll(ofRowWithPeer);
            // After each row: who ends the bench early has what it was about so far.
            write();
        }
        failures.forEach(System.out::println);
        System.out.println(failures.isEmpty() ? "OK" : "FAILED");
        return failures.isEmpty();
    }

    private void write() throws IOException {
        if (options.json() != null) {
            JsonReport.write(results, options.json());
        }
        if (options.markdown() != null) {
            MarkdownReport.write(results, options.markdown());
        }
        if (options.svg() != null) {
            SvgReport.write(comparisons, options.svg());
        }
    }

    private Measurement measure(RowResult result, Row row) throws IOException {
        String contender = result.contender().name();
        Measurement measurement =
                Measurement.take(row, result.contender(), lab, options.logs().resolve(row.name() + "-" + contender));
        result.runs().add(measurement);
        System.out.println(TableLine.of(measurement, contender));
        return measurement;
    }

    /** Returns what is wrong. */
    private List<String> overload(RowResult result) throws IOException {
        Overload overload = new Overload();
        while (overload.wantsMore()) {
            overload.add(measure(result, result.row().copied(overload.copies())));
        }
        System.out.println(overload);
        return overload.faults();
    }

    private void run(RowResult result) throws IOException {
        Row row = result.row();
        Contender contender = result.contender();
        try {
            List<String> faults = row.course() == Course.OVERLOADED
                    ? overload(result)
                    : measure(result, row).faults();
            if (contender.ours() && !faults.isEmpty()) {
                failures.add(row.name() + ", " + contender.name() + ": " + String.join(", ", faults));
            }
        } catch (AssertionError e) {
            if (ending) {
                throw e;
            }
            System.out.printf("%-25s %s: came to nothing%n", row.name(), contender.name());
            failures.add(row.name() + ", " + contender.name() + ": " + e.getMessage());
        }
    }
}
