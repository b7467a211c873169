package io.tcpcopy.bench;

import io.tcpcopy.lab.LabHosts;
import io.tcpcopy.lab.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs rows of the bench, one after the other, and prints the table. Exit status: 0 if nothing was lost or doubled, 1 if
 * it was, or a row came to nothing, 2 if the command line is wrong.
 */
final class Bench {

    private static final String USAGE =
            "Usage: bench [--list] [--peer-tcpcopy CMD --peer-intercept CMD] [--logs FOLDER] [ROW...]";

    private static final String OURS = "ours";
    private static final String PEER = "peer";

    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Programs> programs = new LinkedHashMap<>();
    private final LabHosts lab = new LabHosts(Objects.requireNonNullElse(System.getenv("LAB_PREFIX"), "tcpcopy-bench"));
    private final Path logs;
    private final List<String> failures = new ArrayList<>();

    /** The lab goes away beneath the row that is running, which then fails as it may. */
    private volatile boolean ending;

    private Bench(List<String> arguments) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (List.of("--peer-tcpcopy", "--peer-intercept", "--logs").contains(argument)
                    && i + 1 < arguments.size()) {
                options.put(argument, arguments.get(++i));
            } else {
                rows.add(row(argument));
            }
        }
        if (rows.isEmpty()) {
            rows.addAll(Row.ALL);
        }
        programs.put(OURS, Programs.OURS);
        if (options.containsKey("--peer-tcpcopy") != options.containsKey("--peer-intercept")) {
            throw new IllegalArgumentException("--peer-tcpcopy and --peer-intercept go together\n" + USAGE);
        }
        if (options.containsKey("--peer-tcpcopy")) {
            programs.put(PEER, Programs.of(options.get("--peer-tcpcopy"), options.get("--peer-intercept")));
        }
        logs = Path.of(options.getOrDefault("--logs", "bench-logs")).toAbsolutePath();
    }

    private static Row row(String name) {
        return Row.ALL.stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no row is called " + name + ", see --list\n" + USAGE));
    }

    /** Runs it; see {@code scripts/bench --help}. */
    public static void main(String[] args) throws IOException {
        if (List.of(args).equals(List.of("--list"))) {
            Row.ALL.forEach(row -> System.out.printf("%-25s %s%n", row.name(), row.what()));
            return;
        }
        Bench bench;
        try {
            bench = new Bench(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(2);
            return;
        }
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
        for (Row row : rows) {
            Map<String, Measurement> taken = new LinkedHashMap<>();
            for (Map.Entry<String, Programs> pair : programs.entrySet()) {
                run(row, pair.getKey(), pair.getValue(), taken);
            }
            if (taken.size() > 1) {
                System.out.println(TableLine.ratio(taken.get(OURS), taken.get(PEER)));
            }
        }
        failures.forEach(System.out::println);
        System.out.println(failures.isEmpty() ? "OK" : "FAILED");
        return failures.isEmpty();
    }

    private void run(Row row, String whose, Programs pair, Map<String, Measurement> taken) throws IOException {
        try {
            Measurement measurement = Measurement.take(row, pair, lab, logs.resolve(row.name() + "-" + whose));
            taken.put(whose, measurement);
            System.out.println(TableLine.of(measurement, whose));
            if (whose.equals(OURS) && !measurement.faults().isEmpty()) {
                failures.add(row.name() + ": " + String.join(", ", measurement.faults()));
            }
        } catch (AssertionError e) {
            if (ending) {
                throw e;
            }
            System.out.printf("%-25s %s: came to nothing%n", row.name(), whose);
            failures.add(row.name() + ", " + whose + ": " + e.getMessage());
        }
    }
}
