package io.tcpcopy.tcpcopy.chart;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Numbers as people read them, as on the status page. */
public final class Figures {
    private static final List<String> BYTES = List.of("B", "kB", "MB", "GB", "TB");
    private static final int THOUSAND = 1000;
    /** Below this a tenth is worth a digit. */
    private static final int FEW = 10;

    private static final int HUNDRED = 100;
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;
    private static final double MICROSECONDS = TimeUnit.SECONDS.toMicros(1);

    private Figures() {}

    /** A whole number: {@code 1,234}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** So many of a thing, whose plural has an s: {@code 1 request}. */
    public static String count(long number, String one) {
        return count(number) + " " + one + (number == 1 ? "" : "s");
    }

    /** How many a second, rounded. */
    public static String rate(double number) {
        return number < FEW ? tenths(number) : count(Math.round(number));
    }

    private static String tenths(double number) {
        String text = String.format(Locale.ROOT, "%,.1f", number);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /** An amount of bytes in the unit that suits it: {@code 1.5 MB}. */
    public static String bytes(double number) {
        double digits = number;
        int unit = 0;
        while (digits >= THOUSAND && unit < BYTES.size() - 1) {
            digits /= THOUSAND;
            unit++;
        }
        return (unit > 0 && digits < HUNDRED ? tenths(digits) : count(Math.round(digits))) + " " + BYTES.get(unit);
    }

    /** A short time in the unit that suits it: {@code 1.5 ms}. */
    public static String seconds(double seconds) {
        if (seconds >= 1) {
            return tenths(seconds) + " s";
        }
        double milliseconds = seconds * THOUSAND;
        return milliseconds >= 1 || seconds == 0
                ? rate(milliseconds) + " ms"
                : count(Math.round(seconds * MICROSECONDS)) + " \u00b5s";
    }

    /** How long something took: {@code 12.3 s}, {@code 5 min 20 s}, {@code 2 h 5 min}. */
    public static String duration(double seconds) {
        if (seconds < 2 * MINUTE) {
            return tenths(seconds) + " s";
        }
        long whole = Math.round(seconds);
        return whole < 2 * HOUR
                ? pair(whole / MINUTE, "min", whole % MINUTE, "s")
                : pair(whole / HOUR, "h", whole % HOUR / MINUTE, "min");
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        String first = count(large) + " " + largeUnit;
        return small == 0 ? first : first + " " + small + " " + smallUnit;
    }

    /** A share, 0 to 1, in percent. */
    public static String percent(double share) {
        double percent = share * HUNDRED;
        return (percent > 0 && percent < 1.0 / FEW ? "under 0.1" : tenths(percent)) + " %";
    }
}
