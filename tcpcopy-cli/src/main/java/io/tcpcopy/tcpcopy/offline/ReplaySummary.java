package io.tcpcopy.tcpcopy.offline;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.packet.OtherTraffic;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What is said at the end of a replay.
 *
 * @param file that was replayed
 * @param passes how often it was to be replayed
 * @param passesComplete how often it was
 * @param progress how much of all was read, 0 to 1
 * @param damage what keeps the file from being read to its end
 * @param failure what ended the replay early, other than a signal
 * @param durationNs how long it took
 * @param packets how many packets of clients were replayed
 * @param leftOut how many packets of other kinds than are copied the file holds
 * @param outcome what became of those that were replayed
 */
record ReplaySummary(
        Path file,
        int passes,
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
        return passesComplete == passes;
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
                file,
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
        outcome.losses().forEach((reason, units) -> lines.add("lost " + reason + " " + join(units)));
        damage.ifPresent(text -> lines.add("lost what cannot be read: " + text));
        if (!isLossy()) {
            lines.add("nothing was lost");
        }
        outcome.worst().ifPresent(finding -> lines.add(finding.text()));
        outcome.earlyEnds().ifPresent(finding -> lines.add(finding.text()));
        return lines;
    }

    private String times() {
        return passes == 1 ? "once" : passes + " times";
    }

    private static String join(Map<String, Long> units) {
        List<String> parts = new ArrayList<>();
        units.forEach((unit, number) -> parts.add(unit + ":" + number));
        return String.join(",", parts);
    }

    private double seconds() {
        return (double) durationNs / TimeUnit.SECONDS.toNanos(1);
    }

    private double perSecond(long number) {
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
            json.writeStringField("file", file.toString());
            json.writeNumberField("passes", passes);
            json.writeNumberField("passesComplete", passesComplete);
            json.writeBooleanField("complete", isComplete());
            json.writeStringField("damage", damage.orElse(null));
            json.writeStringField("failure", failure.orElse(null));
            json.writeNumberField("seconds", seconds());
            json.writeNumberField("packets", packets);
            json.writeNumberField("packetsPerSecond", perSecond(packets));
            for (Map.Entry<String, CopyOutcome.Account> entry :
                    outcome.accounts().entrySet()) {
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
            for (Map.Entry<String, Map<String, Long>> reason : outcome.losses().entrySet()) {
                json.writeObjectFieldStart(reason.getKey());
                for (Map.Entry<String, Long> unit : reason.getValue().entrySet()) {
                    json.writeNumberField(unit.getKey(), unit.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        }
    }
}
