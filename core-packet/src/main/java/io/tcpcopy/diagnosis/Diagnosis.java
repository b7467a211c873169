package io.tcpcopy.diagnosis;

import io.tcpcopy.metrics.MetricSnapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Says where most was lost lately, and what to do. It judges by what was counted since the last time, so that a fault
 * that was mended is not reported any more. To add a diagnosis is to add a {@link Place}; of places with the same share
 * the first in the list comes first, so a list follows the path of the packets, causes before what follows from them.
 */
public final class Diagnosis {
    private static final double PERCENT = 100;

    private final List<Place> places;
    private MetricSnapshot previous = new MetricSnapshot();

    private record Loss(Place place, double share) {}

    /** A diagnosis that compares with counters at zero first. */
    public Diagnosis(List<Place> places) {
        this.places = List.copyOf(places);
    }

    /**
     * Looks at the counters again.
     *
     * @param snapshot what they stand at now
     * @return what was lost since the last time, the worst place first; empty when nothing was lost
     */
    public Optional<Finding> of(MetricSnapshot snapshot) {
        MetricSnapshot lately = snapshot.since(previous);
        previous = snapshot;
        List<Loss> losses = losses(places, lately);
        if (losses.isEmpty()) {
            return Optional.empty();
        }
        Place worst = losses.get(0).place();
        List<Loss> others = losses.subList(1, losses.size());
        String less = others.isEmpty()
                ? ""
                : "; less: " + others.stream().map(Diagnosis::text).collect(Collectors.joining(", "));
        return Optional.of(Finding.warning(
                worst.code(),
                "most is lost at " + worst.name() + ": " + text(losses.get(0)) + " ("
                        + worst.lost().applyAsLong(lately) + ")",
                worst.remedy() + less));
    }

    /**
     * Each place at which something was lost, the worst first.
     *
     * @param counts how far the counters went
     */
    public static List<Finding> ofEach(List<Place> places, MetricSnapshot counts) {
        return losses(places, counts).stream()
                .map(loss -> Finding.warning(
                        loss.place().code(),
                        text(loss) + " (" + loss.place().lost().applyAsLong(counts) + ")",
                        loss.place().remedy()))
                .toList();
    }

    private static List<Loss> losses(List<Place> places, MetricSnapshot counts) {
        return places.stream()
                .map(place -> new Loss(place, place.share(counts)))
                .filter(loss -> loss.share() > 0)
                .sorted(Comparator.comparingDouble(Loss::share).reversed())
                .toList();
    }

    private static String text(Loss loss) {
        double percent = loss.share() * PERCENT;
        String number = percent < 1 ? "under 1" : String.format(Locale.ROOT, "%.0f", percent);
        return number + " % of " + loss.place().what();
    }
}
