package io.tcpcopy.lab.badnetwork;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What is wrong with a link, and how many packets it has befallen. */
final class Faults {

    /** What befalls a part of the packets, at random; its name is the command of {@code lab}. */
    enum Chance {
        /** Held back, so that others overtake it. */
        REORDER("late"),
        /** Sent a second time, a little later. */
        DOUBLE("doubled"),
        /** One bit turned. */
        CORRUPT("corrupt");

        private final String fate;

        Chance(String fate) {
            this.fate = fate;
        }
    }

    private static final String DELAY = "delay";
    private static final double ALL = 100;

    private final SplittableRandom random = new SplittableRandom();
    private final Map<Chance, BigDecimal> percentages = new EnumMap<>(Chance.class);
    private final Map<Chance, Long> struck = new EnumMap<>(Chance.class);
    private long delayMs;
    private long delayed;

    /**
     * Sets a fault anew; its count begins again.
     *
     * @param fault the name of a {@link Chance}, or {@code delay}
     * @param amount percent, or milliseconds
     */
    void set(String fault, BigDecimal amount) {
        if (fault.equals(DELAY)) {
            delayMs = amount.longValueExact();
            delayed = 0;
            return;
        }
        Chance chance = Chance.valueOf(fault.toUpperCase(Locale.ROOT));
        struck.remove(chance);
        percentages.remove(chance);
        if (amount.signum() > 0) {
            percentages.put(chance, amount);
        }
    }

    /** Whether anything is wrong. */
    boolean any() {
        return delayMs > 0 || !percentages.isEmpty();
    }

    /** How much later a packet arrives; it is counted. */
    long delayNs() {
        delayed++;
        return TimeUnit.MILLISECONDS.toNanos(delayMs);
    }

    /** Whether it may befall a packet of this link at all. */
    boolean mayStrike(Chance chance) {
        return percentages.containsKey(chance);
    }

    /** Whether it befalls this packet; it is counted. */
    boolean strikes(Chance chance) {
        boolean strikes = mayStrike(chance)
                && random.nextDouble(ALL) < percentages.get(chance).doubleValue();
        if (strikes) {
            struck.merge(chance, 1L, Long::sum);
        }
        return strikes;
    }

    /** What decides by chance here. */
    SplittableRandom random() {
        return random;
    }

    /** Each fault with its count, as {@code lab status} says it. */
    Stream<String> lines() {
        Stream<String> delay = delayMs == 0 ? Stream.of() : Stream.of(line(delayMs + " ms delay", delayed));
        Stream<String> chances = percentages.keySet().stream()
                .map(chance -> line(
                        percentages.get(chance).toPlainString() + " % " + chance.fate,
                        struck.getOrDefault(chance, 0L)));
        return Stream.concat(delay, chances);
    }

    private static String line(String fault, long packets) {
        return fault + ", packets " + packets + " so far";
    }
}
