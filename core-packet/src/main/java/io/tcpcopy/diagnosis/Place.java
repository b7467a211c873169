package io.tcpcopy.diagnosis;

import io.tcpcopy.metrics.MetricSnapshot;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A place where something can be lost.
 *
 * @param code what is wrong where much is lost here
 * @param name of the place, as in "most is lost at NAME"
 * @param what is lost there, as in "3 % of WHAT"
 * @param remedy what an operator does about it
 * @param lost how much was lost there
 * @param all how much came there, what was lost included
 * @param causes places before it: whatever is lost there is missing here as well
 * @param times how many times as large a share is missing here at most
 */
public record Place(
        Code code,
        String name,
        String what,
        String remedy,
        ToLongFunction<MetricSnapshot> lost,
        ToLongFunction<MetricSnapshot> all,
        List<Place> causes,
        int times) {
    /** A place without causes: nothing lost elsewhere is missing here. */
    public Place(
            Code code,
            String name,
            String what,
            String remedy,
            ToLongFunction<MetricSnapshot> lost,
            ToLongFunction<MetricSnapshot> all) {
        this(code, name, what, remedy, lost, all, List.of(), 1);
    }

    /** This place, at which what is lost at others is missing as well. */
    public Place behind(List<Place> others) {
        return behind(others, 1);
    }

    /** The same, where the loss of few makes many useless: up to so many times the share. */
    public Place behind(List<Place> others, int newTimes) {
        return new Place(code, name, what, remedy, lost, all, List.copyOf(others), newTimes);
    }

    /** The part that is lost here and that no cause accounts for, 0 to 1. */
    double share(MetricSnapshot lately) {
        double share = wholeShare(lately);
        for (Place cause : causes) {
            share -= times * cause.wholeShare(lately);
        }
        return Math.max(0, share);
    }

    private double wholeShare(MetricSnapshot lately) {
        long number = lost.applyAsLong(lately);
        return number <= 0 ? 0 : Math.min(1, number / (double) Math.max(number, all.applyAsLong(lately)));
    }
}
