package io.tcpcopy.tcpcopy.offline;

import com.samskivert.mustache.Mustache;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.options.ProgramVersion;
import io.tcpcopy.packet.OtherTraffic;
import io.tcpcopy.tcpcopy.chart.Chart;
import io.tcpcopy.tcpcopy.chart.Figures;
import io.tcpcopy.tcpcopy.report.Account;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The report of a replay for people: one page without scripts that needs nothing else. Its template asks for what it shows by the names
 * of methods, and escapes it: the name of a file may be anything.
 */
final class ReplayReport {
    private static final String TEMPLATE = "report.html";

    private static final DateTimeFormatter BEGIN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT);

    private final ReplaySummary summary;
    private final List<Chart> charts;
    private final ReplayVerdict verdict;

    /** A name and what belongs to it. */
    record Fact(String name, String text) {}

    /** A part of a sum: the sign before it, how much, and of what. */
    record Term(String sign, String number, String name) {}

    /** What became of all of a kind. */
    record Fate(String unit, String captured, String delivered, String lost, boolean isLossy) {}

    /** What was lost for a reason. */
    record LostForReason(String reason, String because, String amounts) {}

    ReplayReport(ReplaySummary summary, List<Chart> charts) {
        this.summary = summary;
        this.charts = List.copyOf(charts);
        this.verdict = ReplayVerdict.of(summary);
    }

    /**
     * Writes the page.
     *
     * @throws IOException when the file cannot be written
     */
    void write(Path to) throws IOException {
        try (Reader template = template()) {
            // Not straight into the file: the library makes an exception of its own of one that cannot be written.
            Files.writeString(
                    to, Mustache.compiler().escapeHTML(true).compile(template).execute(this));
        }
    }

    private static Reader template() {
        InputStream template = ReplayReport.class.getResourceAsStream(TEMPLATE);
        return new InputStreamReader(Objects.requireNonNull(template), StandardCharsets.UTF_8);
    }

    ReplayVerdict verdict() {
        return verdict;
    }

    String fileName() {
        return summary.settings().file().getFileName().toString();
    }

    String transfers() {
        return summary.transfers();
    }

    String begin() {
        return BEGIN.format(summary.begin().atZone(ZoneId.systemDefault()));
    }

    /** Whether datagrams were replayed, of which nobody knows whether they were delivered. */
    boolean datagrams() {
        return summary.outcome().isOfDatagrams();
    }

    /** All that was captured is one of these. */
    List<Term> balance() {
        String unit = datagrams() ? CopyOutcome.DATAGRAMS : CopyOutcome.REQUESTS;
        Account account = summary.outcome().accounts().get(unit);
        return List.of(
                new Term("", Figures.count(account.captured()), unit + " captured"),
                new Term("=", Figures.count(account.delivered()), datagrams() ? "sent" : "delivered"),
                new Term("+", Figures.count(account.lost()), "lost"));
    }

    List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("File", summary.settings().file().toString()));
        facts.add(new Fact("Copied", summary.transfers()));
        facts.add(new Fact("Speed", speed()));
        facts.add(new Fact("Replayed", passes()));
        facts.add(new Fact("Begun", begin()));
        facts.add(new Fact("Duration", Figures.duration(summary.seconds())));
        facts.add(new Fact(
                "Packets",
                Figures.count(summary.packets()) + ", " + Figures.rate(summary.perSecond(summary.packets()))
                        + " a second"));
        facts.add(new Fact("Exit status", summary.status() + ": " + statusInWords()));
        facts.add(new Fact("Version", "tcpcopy " + ProgramVersion.of(ReplayReport.class)));
        return facts;
    }

    private String speed() {
        OfflineSettings settings = summary.settings();
        String speed = settings.speedUp() == 1
                ? "as captured"
                : "up to " + Figures.count(settings.speedUp()) + " times as captured";
        return settings.longestGapNs() == Long.MAX_VALUE
                ? speed
                : speed + ", pauses of more than "
                        + Figures.seconds((double) settings.longestGapNs() / TimeUnit.SECONDS.toNanos(1)) + " skipped";
    }

    private String passes() {
        int passes = summary.settings().passes();
        String wanted = passes == 1 ? "once" : Figures.count(passes) + " times";
        return summary.isComplete()
                ? wanted
                : Figures.percent(summary.progress()) + " of what was to be replayed " + wanted;
    }

    private String statusInWords() {
        if (summary.failure().isPresent()) {
            return "it had to give up";
        }
        if (!summary.isOver()) {
            return "it was stopped";
        }
        return summary.isLossy() ? "it came to its end, but something was lost" : "all was replayed, and nothing lost";
    }

    List<Fate> fates() {
        List<Fate> fates = new ArrayList<>();
        summary.outcome()
                .accounts()
                .forEach((unit, account) -> fates.add(new Fate(
                        unit,
                        amount(unit, account.captured()),
                        amount(unit, account.delivered()),
                        amount(unit, account.lost()),
                        account.lost() > 0)));
        return fates;
    }

    private static String amount(String unit, long number) {
        return unit.equals(CopyOutcome.BYTES) ? Figures.bytes(number) : Figures.count(number);
    }

    List<Chart> charts() {
        return charts;
    }

    boolean isLossy() {
        return summary.isLossy();
    }

    List<LostForReason> losses() {
        Stream<LostForReason> unread = summary.damage().stream()
                .map(damage -> new LostForReason("what cannot be read", damage, "the rest of the file"));
        Stream<LostForReason> lost = summary.outcome().losses().stream()
                .map(loss -> new LostForReason(loss.reason(), loss.because(), amounts(loss)));
        return Stream.concat(unread, lost).toList();
    }

    private static String amounts(CopyOutcome.Loss loss) {
        return ReplayVerdict.UNITS.stream()
                .filter(loss.units()::containsKey)
                .map(unit -> ReplayVerdict.amount(loss.units().get(unit), unit))
                .collect(Collectors.joining(", "));
    }

    boolean hasFindings() {
        return !findings().isEmpty();
    }

    /** What is to be told of connections that end early may be a place as well: once is enough. */
    List<Finding> findings() {
        CopyOutcome outcome = summary.outcome();
        Optional<String> told = outcome.earlyEnds().map(Finding::remedy);
        return Stream.concat(
                        outcome.places().stream().filter(place -> !told.equals(Optional.of(place.remedy()))),
                        outcome.earlyEnds().stream())
                .toList();
    }

    boolean hasLeftOut() {
        return !summary.leftOut().isEmpty();
    }

    List<Fact> leftOut() {
        return summary.leftOut().entrySet().stream()
                .map(count -> new Fact(
                        count.getKey().text(), Figures.count(count.getValue(), "packet") + remedy(count.getKey())))
                .toList();
    }

    private static String remedy(OtherTraffic kind) {
        return kind.remedy().map(remedy -> ": " + remedy).orElse("");
    }
}
