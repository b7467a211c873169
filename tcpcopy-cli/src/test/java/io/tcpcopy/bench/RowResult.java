package io.tcpcopy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

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

        /** Of these numbers; empty if there are none. */
        static Optional<Spread> of(DoubleStream numbers) {
            double[] sorted = numbers.sorted().toArray();
            if (sorted.length == 0) {
                return Optional.empty();
            }
            int middle = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            return Optional.of(new Spread(median, sorted[0], sorted[sorted.length - 1]));
        }

        /** The median, and in brackets from where to where the runs went, unless all say the same. */
        String text(String format) {
            String middle = String.format(Locale.ROOT, format, median);
            String smallest = String.format(Locale.ROOT, format, least);
            String largest = String.format(Locale.ROOT, format, most);
            return smallest.equals(largest) ? middle : middle + " (" + smallest + " to " + largest + ")";
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
        return Spread.of(runs.stream().map(number).flatMapToDouble(OptionalDouble::stream));
    }
}
