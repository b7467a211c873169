package io.tcpcopy.bench;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** All runs in a file, for programs. */
final class JsonReport {

    private JsonReport() {}

    static void write(List<RowResult> results, Path to) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(to.toFile(), JsonEncoding.UTF8)) {
            json.useDefaultPrettyPrinter();
            json.writeStartArray();
            for (RowResult result : results) {
                for (Measurement run : result.runs()) {
                    write(result, run, json);
                }
            }
            json.writeEndArray();
        }
    }

    private static void write(RowResult result, Measurement run, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("row", result.row().name());
        json.writeStringField("whose", result.contender().name());
        json.writeNumberField("sent", run.outcome().sent());
        json.writeNumberField("lost", run.outcome().lost());
        json.writeNumberField("doubled", run.outcome().doubled());
        json.writeNumberField("seconds", run.seconds());
        json.writeNumberField("lagSeconds", run.lagSeconds());
        write("tcpcopy", run.tcpcopy(), run, json);
        write("intercept", run.intercept(), run, json);
        if (run.kernelDrops().isPresent()) {
            json.writeNumberField("kernelDrops", run.kernelDrops().getAsLong());
        }
        if (run.shed().isPresent()) {
            json.writeNumberField("shed", run.shed().getAsLong());
        }
        if (run.retransmitted().isPresent()) {
            json.writeNumberField("retransmitted", run.retransmitted().getAsLong());
        }
        if (run.repeatedPerLost().isPresent()) {
            json.writeNumberField("repeatedPerLost", run.repeatedPerLost().getAsDouble());
        }
        if (run.delay().isPresent()) {
            Delay delay = run.delay().get();
            json.writeObjectFieldStart("delayMs");
            json.writeNumberField("copies", delay.copies());
            json.writeNumberField("median", delay.medianMs());
            json.writeNumberField("percentile99", delay.percentile99Ms());
            json.writeNumberField("longest", delay.longestMs());
            json.writeEndObject();
        }
        json.writeArrayFieldStart("faults");
        for (String fault : run.faults()) {
            json.writeString(fault);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(String program, Measurement.Cost cost, Measurement run, JsonGenerator json)
            throws IOException {
        json.writeObjectFieldStart(program);
        json.writeNumberField("cpuSeconds", cost.cpuSeconds());
        json.writeNumberField(
                "cpuMicrosPerRequest", cost.cpuMicrosPerRequest(run.outcome().sent()));
        json.writeNumberField("peakResidentBytes", cost.peakResidentBytes());
        json.writeEndObject();
    }
}
