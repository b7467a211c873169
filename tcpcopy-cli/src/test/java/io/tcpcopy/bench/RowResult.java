package io.tcpcopy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The runs of a row with one contender. */
record RowResult(Row row, Contender contender, List<Measurement> runs) {

    RowResult(Row row, Contender contender) {
        this(row, contender, new ArrayList<>());
    }

    /**
     * What several runs show.
     *
     * @param median the middle one, or the mean of both
     * @param least the smallest
     * @param most the largest
     */
    record Spread(double median, double least, double most) {

        private static Spread of(double[] sorted) {
            int middle = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            return new Spread(median, sorted[0], sorted[sorted.length - 1]);
        }
    }

    /** A number of all runs; empty if there were none. */
    Optional<Spread> spread(ToDoubleFunction<Measurement> number) {
        double[] sorted = runs.stream().mapToDouble(number).sorted().toArray();
        return sorted.length == 0 ? Optional.empty() : Optional.of(Spread.of(sorted));
    }

    /** A number of those runs whose copies were timed. */
    Optional<Spread> delay(ToDoubleFunction<Delay> number) {
        double[] sorted = runs.stream()
                .flatMap(run -> run.delay().stream())
                .mapToDouble(number)
                .sorted()
                .toArray();
        return sorted.length == 0 ? Optional.empty() : Optional.of(Spread.of(sorted));
    }
}
