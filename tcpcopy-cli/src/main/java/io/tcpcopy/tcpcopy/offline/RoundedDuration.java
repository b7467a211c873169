package io.tcpcopy.tcpcopy.offline;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How long something takes, for people: in whole units, the largest of which there are two at least. */
final class RoundedDuration {
    private static final List<TimeUnit> UNITS = List.of(TimeUnit.DAYS, TimeUnit.HOURS, TimeUnit.MINUTES);

    private RoundedDuration() {}

    /** The text for so many nanoseconds, such as {@code 90 minutes}; seconds for less than two minutes. */
    static String of(long nanoseconds) {
        TimeUnit unit = UNITS.stream()
                .filter(candidate -> candidate.convert(nanoseconds, TimeUnit.NANOSECONDS) >= 2)
                .findFirst()
                .orElse(TimeUnit.SECONDS);
        return unit.convert(nanoseconds, TimeUnit.NANOSECONDS) + " "
                + unit.name().toLowerCase(Locale.ROOT);
    }
}
