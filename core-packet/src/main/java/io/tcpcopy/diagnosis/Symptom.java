package io.tcpcopy.diagnosis;

import static java.util.Objects.requireNonNull;

import io.tcpcopy.metrics.MetricSnapshot;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Something that shows in a program's numbers while a leg of the way is broken.
 *
 * @param looks over how many of the last looks of a {@link SymptomWatch} it is judged, 1 to {@link SymptomWatch#MAX_LOOKS}: one tells
 *     soonest, several tell a share of what is rare
 * @param state whether it is so, judged by how far counters went during these looks
 * @param finding what is told then, by how far counters went since it began
 * @param toldBefore what was told of it before the first look; mostly empty
 */
public record Symptom(
        int looks,
        Function<MetricSnapshot, State> state,
        Function<MetricSnapshot, Finding> finding,
        Optional<Finding> toldBefore) {
    /** What numbers tell. */
    public enum State {
        /** Nothing happened that would tell: what was so before still counts. */
        UNKNOWN,
        /** It works. */
        WORKS,
        /** It does not. */
        BROKEN,
        /** Something else is wrong that looks like this as well: it is not told now, and if it was told before it does not count as over. */
        MASKED
    }

    /** One of which nothing was told before. */
    public Symptom(int looks, Function<MetricSnapshot, State> state, Function<MetricSnapshot, Finding> finding) {
        this(looks, state, finding, Optional.empty());
    }

    /** What lies in the range. */
    public Symptom {
        requireNonNull(state);
        requireNonNull(finding);
        if (looks < 1 || looks > SymptomWatch.MAX_LOOKS) {
            throw new IllegalArgumentException("looks: " + looks);
        }
    }

    /**
     * One that the last look alone tells.
     *
     * @param seen what is seen, by how far counters went since it began
     * @param remedy what an operator does about it
     */
    public static Symptom of(
            Code code, Function<MetricSnapshot, State> state, Function<MetricSnapshot, String> seen, String remedy) {
        return new Symptom(1, state, lately -> Finding.warning(code, seen.apply(lately), remedy));
    }

    /**
     * One that is there while too large a part goes wrong, of all in the last looks together.
     *
     * @param wrong how many went wrong
     * @param right how many did not
     * @param limit the part that is too much, 0 to 1
     */
    public static Symptom ofShare(
            Code code,
            ToLongFunction<MetricSnapshot> wrong,
            ToLongFunction<MetricSnapshot> right,
            double limit,
            Function<MetricSnapshot, String> seen,
            String remedy) {
        return new Symptom(
                SymptomWatch.MAX_LOOKS,
                lately -> share(wrong.applyAsLong(lately), right.applyAsLong(lately), limit),
                lately -> Finding.warning(code, seen.apply(lately), remedy));
    }

    private static State share(long wrong, long right, double limit) {
        if (wrong + right <= 0) {
            return State.UNKNOWN;
        }
        return wrong > 0 && wrong >= limit * (wrong + right) ? State.BROKEN : State.WORKS;
    }

    /** One that no numbers tell: it is there while a look finds it, and what that has found is told. */
    public static Symptom lookedFor(Supplier<Optional<Finding>> look) {
        AtomicReference<Optional<Finding>> found = new AtomicReference<>(Optional.empty());
        return new Symptom(
                1,
                lately -> {
                    found.set(look.get());
                    return found.get().isPresent() ? State.BROKEN : State.WORKS;
                },
                lately -> found.get().orElseThrow());
    }

    /** This one, of which something was told before the first look: when it is over that is told as well. */
    public Symptom toldBefore(Finding told) {
        return new Symptom(looks, state, finding, Optional.of(told));
    }

    /** One that is there while anything is lost at a place, in one look after the other. */
    public static Symptom of(Place place) {
        return of(
                place.code(),
                lately -> {
                    if (place.lost().applyAsLong(lately) > 0) {
                        return State.BROKEN;
                    }
                    return place.all().applyAsLong(lately) > 0 ? State.WORKS : State.UNKNOWN;
                },
                lately -> place.lost().applyAsLong(lately) + " " + place.what(),
                place.remedy());
    }

    /** This one, where nothing else is wrong that looks like it. */
    public Symptom unless(Function<MetricSnapshot, Boolean> masked) {
        return new Symptom(
                looks, lately -> masked.apply(lately) ? State.MASKED : state.apply(lately), finding, toldBefore);
    }
}
