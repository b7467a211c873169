package io.tcpcopy.doctor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Level;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What was found, in the order in which it is said.
 *
 * @param all good and bad
 */
public record Findings(List<Finding> all) {
    /** Exit status: nothing is wrong. */
    public static final int OK = 0;
    /** Exit status: warnings. */
    public static final int WARNINGS = 1;
    /** Exit status: errors. */
    public static final int ERRORS = 2;

    /** {@code not checked} is the longest. */
    private static final String LINE = "  %-11s  %s  %s%n";

    private static final String REMEDY = "                      %s%n";

    /** These. */
    public Findings {
        all = List.copyOf(all);
    }

    /** The exit status that says the worst of them. */
    public int status() {
        if (count(Level.ERROR) > 0) {
            return ERRORS;
        }
        return count(Level.WARNING) > 0 ? WARNINGS : OK;
    }

    /** How many there are of a level. */
    public long count(Level level) {
        return all.stream().filter(finding -> finding.level() == level).count();
    }

    /** Writes them. */
    public void write(FindingFormat format, PrintWriter out) {
        switch (format) {
            case HUMAN -> writeForPeople(out);
            case SHORT -> writeShort(out);
            case JSON -> writeJson(out);
        }
        out.flush();
    }

    private void writeForPeople(PrintWriter out) {
        String about = "";
        for (Finding finding : all) {
            if (!finding.code().about().equals(about)) {
                about = finding.code().about();
                out.println(about);
            }
            out.printf(LINE, finding.level().text(), finding.code().text(), finding.seen());
            if (!finding.remedy().isEmpty()) {
                out.printf(REMEDY, finding.remedy());
            }
        }
        out.printf(
                "%d ok, %d warnings, %d errors, %d not checked%n",
                count(Level.OK), count(Level.WARNING), count(Level.ERROR), count(Level.NOT_CHECKED));
    }

    private void writeShort(PrintWriter out) {
        all.stream()
                .filter(finding -> finding.level() != Level.OK)
                .forEach(finding -> out.println(finding.level().text() + " " + finding.text()));
    }

    private void writeJson(PrintWriter out) {
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeNumberField("status", status());
            json.writeArrayFieldStart("findings");
            for (Finding finding : all) {
                json.writeStartObject();
                json.writeStringField("code", finding.code().text());
                json.writeStringField("level", finding.level().text());
                json.writeStringField("title", finding.code().title());
                json.writeStringField("seen", finding.seen());
                json.writeStringField("remedy", finding.remedy());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.println();
    }
}
