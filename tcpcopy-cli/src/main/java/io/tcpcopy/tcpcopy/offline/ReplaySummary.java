package io.tcpcopy.tcpcopy.offline;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.packet.OtherTraffic;
import io.tcpcopy.tcpcopy.report.Account;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import io.tcpcopy.tcpcopy.report.CopyOutcome.Loss;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What is said at the end of a replay.
 *
 * @param settings how the file was to be replayed
 * @param transfers what was copied and where to, in the form of {@code -x}
 * @param begin when it began
 * @param isOver whether it came to its end, as far as the file can be read
 * @param passesComplete how often the file was replayed
 * @param progress how much of all was read, 0 to 1
 * @param damage what keeps the file from being read to its end
 * @param failure what ended the replay early, other than a signal
 * @param durationNs how long it took
 * @param packets how many packets of clients were replayed
 * @param leftOut how many packets of other kinds than are copied the file holds
 * @param outcome what became of those that were replayed
 */
record ReplaySummary(
        OfflineSettings settings,
        String transfers,
        Instant begin,
        boolean isOver,
        int passesComplete,
        double progress,
        Optional<String> damage,
        Optional<String> failure,
        long durationNs,
        long packets,
        Map<OtherTraffic, Long> leftOut,
        CopyOutcome outcome) {
    private static final int PERCENT = 100;

    /** Whether all of it was replayed. */
    boolean isComplete() {
        return passesComplete == settings.passes();
    }

    /** The exit status of the program: a replay that a signal has stopped has done what was asked for. */
    int status() {
        if (failure.isPresent()) {
            return Daemon.FAILED;
        }
        return isOver && isLossy() ? Daemon.LOST : Daemon.OK;
    }

    /** Whether anything of what was replayed, or should have been read, was lost. */
    boolean isLossy() {
        return outcome.isLossy() || damage.isPresent();
    }

    /** The summary for people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "replayed %s %s in %.1f s: packets:%d,packets/s:%.0f",
                settings.file(),
                isComplete() ? times() : String.format(Locale.ROOT, "up to %.0f %%", Math.floor(progress * PERCENT)),
                seconds(),
                packets,
                perSecond(packets)));
        outcome.accounts()
                .forEach((unit, account) -> lines.add(unit + " captured:" + account.captured() + ",delivered:"
                        + account.delivered() + ",lost:" + account.lost()));
        if (!leftOut.isEmpty()) {
            lines.add("left out " + LeftOut.describe(leftOut));
        }
        outcome.losses().forEach(loss -> lines.add("lost " + loss.reason() + " " + join(loss.units())));
        damage.ifPresent(text -> lines.add("lost what cannot be read: " + text));
        if (!isLossy()) {
            lines.add("nothing was lost");
        }
        outcome.worst().ifPresent(finding -> lines.add(finding.text()));
        outcome.earlyEnds().ifPresent(finding -> lines.add(finding.text()));
        return lines;
    }

    private String times() {
        return settings.passes() == 1 ? "once" : settings.passes() + " times";
    }

    private static String join(Map<String, Long> units) {
        List<String> parts = new ArrayList<>();
        units.forEach((unit, number) -> parts.add(unit + ":" + number));
        return String.join(",", parts);
    }

    /** How long it took, in seconds. */
    double seconds() {
        return (double) durationNs / TimeUnit.SECONDS.toNanos(1);
    }

    /** How many of a number that is a second. */
    double perSecond(long number) {
        return durationNs == 0 ? 0 : number / seconds();
    }

    /**
     * Writes the summary as JSON.
     *
     * @throws IOException when the file cannot be written
     */
    void write(Path to) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(to.toFile(), JsonEncoding.UTF8)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("file", settings.file().toString());
            json.writeNumberField("passes", settings.passes());
            json.writeNumberField("passesComplete", passesComplete);
            json.writeBooleanField("complete", isComplete() && damage.isEmpty());
            json.writeStringField("damage", damage.orElse(null));
            json.writeStringField("failure", failure.orElse(null));
            json.writeNumberField("seconds", seconds());
            json.writeNumberField("packets", packets);
            json.writeNumberField("packetsPerSecond", perSecond(packets));
            for (Map.Entry<String, Account> entry : outcome.accounts().entrySet()) {
                json.writeObjectFieldStart(entry.getKey());
                json.writeNumberField("captured", entry.getValue().captured());
                json.writeNumberField("delivered", entry.getValue().delivered());
                json.writeNumberField("lost", entry.getValue().lost());
                json.writeEndObject();
            }
            json.writeStringField(
                    "worstLoss",
                    outcome.worst().map(worst -> worst.code().text()).orElse(null));
            json.writeStringField(
                    "endedEarly", outcome.earlyEnds().map(Finding::text).orElse(null));
            json.writeObjectFieldStart("leftOut");
            for (Map.Entry<OtherTraffic, Long> count : leftOut.entrySet()) {
                json.writeNumberField(count.getKey().text(), count.getValue());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("lostByReason");
            for (Loss loss : outcome.losses()) {
                json.writeObjectFieldStart(loss.reason());
                for (Map.Entry<String, Long> unit : loss.units().entrySet()) {
                    json.writeNumberField(unit.getKey(), unit.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        }
    }
}
