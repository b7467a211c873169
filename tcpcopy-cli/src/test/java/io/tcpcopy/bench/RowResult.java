package io.tcpcopy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
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
        return known(run -> OptionalDouble.of(number.applyAsDouble(run)));
    }

    /** A number of those runs whose copies were timed; empty if there were none. */
    Optional<Spread> delay(ToDoubleFunction<Delay> number) {
        return known(run -> run.delay().stream().mapToDouble(number).findFirst());
    }

    /** A number of those runs of which it is known; empty if there were none. */
    Optional<Spread> known(Function<Measurement, OptionalDouble> number) {
        double[] sorted = runs.stream()
                .map(number)
                .flatMapToDouble(OptionalDouble::stream)
                .sorted()
                .toArray();
        return sorted.length == 0 ? Optional.empty() : Optional.of(Spread.of(sorted));
    }
}
