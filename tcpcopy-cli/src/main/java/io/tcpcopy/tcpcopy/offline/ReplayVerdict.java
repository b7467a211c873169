package io.tcpcopy.tcpcopy.offline;

import io.tcpcopy.tcpcopy.chart.Figures;
import io.tcpcopy.tcpcopy.report.Account;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import io.tcpcopy.tcpcopy.report.CopyOutcome.Loss;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether everything was delivered, in one large line.
 *
 * @param kind how it looks
 * @param answer the line
 * @param why a sentence behind it, or two
 */
record ReplayVerdict(Kind kind, String answer, String why) {
    /** What may be lost, the worst first: many bytes are no more than few requests. */
    static final List<String> UNITS = List.of(
            CopyOutcome.REQUESTS,
            CopyOutcome.DATAGRAMS,
            CopyOutcome.CONNECTIONS,
            CopyOutcome.BYTES,
            CopyOutcome.PACKETS);

    /** As the status page knows them. */
    enum Kind {
        YES("yes", "\u2713", "M6 21 L16 31 L34 10"),
        NO("no", "\u2715", "M8 8 L32 32 M32 8 L8 32"),
        DOUBT("doubt", "!", "M20 6 V24 M20 32.5 V33");

        private final String style;
        private final String character;
        private final String sign;

        Kind(String style, String character, String sign) {
            this.style = style;
            this.character = character;
            this.sign = sign;
        }

        /** The name in the page's style sheet. */
        String style() {
            return style;
        }

        /** For where there is text alone. */
        String character() {
            return character;
        }

        /** A path of SVG, in a square of 40. */
        String sign() {
            return sign;
        }
    }

    static ReplayVerdict of(ReplaySummary summary) {
        CopyOutcome outcome = summary.outcome();
        Optional<String> lost = lost(outcome);
        if (summary.failure().isPresent()) {
            return new ReplayVerdict(
                    Kind.NO,
                    "Given up at " + progress(summary),
                    sentences(summary.failure().get(), lost));
        }
        if (!summary.isOver()) {
            return new ReplayVerdict(
                    Kind.DOUBT,
                    "Stopped at " + progress(summary),
                    lost.orElse("Everything was " + (outcome.isOfDatagrams() ? "sent" : "delivered")
                            + " that had been replayed until then."));
        }
        if (summary.damage().isPresent()) {
            return new ReplayVerdict(
                    Kind.NO,
                    "A part of the file cannot be read",
                    sentences(summary.damage().get(), lost));
        }
        if (lost.isPresent()) {
            return new ReplayVerdict(Kind.NO, amountLost(outcome) + " lost", why(outcome));
        }
        if (outcome.earlyEnds().isPresent()) {
            return new ReplayVerdict(
                    Kind.DOUBT,
                    outcome.earlyEnds().get().code().title(),
                    "Everything was delivered, but " + outcome.earlyEnds().get().seen() + ".");
        }
        Account requests = outcome.accounts().get(CopyOutcome.REQUESTS);
        return outcome.isOfDatagrams()
                ? new ReplayVerdict(
                        Kind.YES,
                        "All datagrams were sent",
                        "Whether the target took them is not known: nothing comes back.")
                : new ReplayVerdict(
                        Kind.YES,
                        "Everything was delivered",
                        "The target has acknowledged every byte of " + Figures.count(requests.captured(), "request")
                                + ".");
    }

    private static String progress(ReplaySummary summary) {
        return Figures.percent(summary.progress());
    }

    private static String sentences(String text, Optional<String> next) {
        String first = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
        return next.map(second -> first + " " + second).orElse(first);
    }

    /** What was lost of the worst unit, with its share where all of it was captured. */
    private static String amountLost(CopyOutcome outcome) {
        String unit = worstUnit(outcome);
        long lost = sum(outcome, unit);
        Account account = outcome.accounts().get(unit);
        return account != null && account.lost() == lost
                ? amount(lost, unit) + " (" + Figures.percent((double) lost / account.captured()) + ")"
                : amount(lost, unit);
    }

    private static String worstUnit(CopyOutcome outcome) {
        return UNITS.stream().filter(unit -> sum(outcome, unit) > 0).findFirst().orElseThrow();
    }

    private static long sum(CopyOutcome outcome, String unit) {
        return outcome.losses().stream().mapToLong(loss -> of(loss, unit)).sum();
    }

    private static long of(Loss loss, String unit) {
        return loss.units().getOrDefault(unit, 0L);
    }

    /** All that was lost, and why, as a sentence; empty where nothing was. */
    private static Optional<String> lost(CopyOutcome outcome) {
        return outcome.isLossy()
                ? Optional.of(amountLost(outcome) + " lost" + (isOfOneReason(outcome) ? "" : ", most of that")
                        + ", because " + worst(outcome).because() + ".")
                : Optional.empty();
    }

    /** The same behind what was lost. */
    private static String why(CopyOutcome outcome) {
        Loss worst = worst(outcome);
        String unit = worstUnit(outcome);
        String begin =
                isOfOneReason(outcome) ? "Because " : "Most of that, " + amount(of(worst, unit), unit) + ", because ";
        return begin + worst.because() + ".";
    }

    private static Loss worst(CopyOutcome outcome) {
        String unit = worstUnit(outcome);
        return outcome.losses().stream()
                .max(Comparator.comparingLong(loss -> of(loss, unit)))
                .orElseThrow();
    }

    private static boolean isOfOneReason(CopyOutcome outcome) {
        String unit = worstUnit(outcome);
        return of(worst(outcome), unit) == sum(outcome, unit);
    }

    /** So many of a unit, whose name is a plural. */
    static String amount(long number, String unit) {
        return unit.equals(CopyOutcome.BYTES)
                ? Figures.bytes(number)
                : Figures.count(number, unit.substring(0, unit.length() - 1));
    }
}
