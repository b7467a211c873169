package io.tcpcopy.observe;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All numbers of a program in the text format of Prometheus, with what they mean. */
public final class PrometheusText {
    /** What it is, as in the header Content-Type. */
    static final String TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final PrometheusTextFormatWriter WRITER = PrometheusTextFormatWriter.create();

    private PrometheusText() {}

    /**
     * The text.
     *
     * @param registry where the numbers have their names from
     */
    public static String of(Metrics registry, Observation observation) {
        // Those of one name stand together, whatever was added between them.
        Map<String, List<Metric>> byName = observation.metrics().stream()
                .filter(metric -> metric.isShownAtZero() || observation.values().get(metric) != 0)
                .collect(Collectors.groupingBy(registry::nameOf, LinkedHashMap::new, Collectors.toList()));
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        byName.forEach((name, metrics) -> {
            Description description = metrics.get(0).description();
            if (description.isCounter()) {
                CounterSnapshot.Builder counter =
                        CounterSnapshot.builder().name(name).help(description.help());
                metrics.forEach(metric -> counter.dataPoint(CounterDataPointSnapshot.builder()
                        .labels(labels(metric))
                        .value(value(metric, observation))
                        .build()));
                all.metricSnapshot(counter.build());
            } else {
                GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(description.help());
                metrics.forEach(metric -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels(metric))
                        .value(value(metric, observation))
                        .build()));
                all.metricSnapshot(gauge.build());
            }
        });
        return written(all.build());
    }

    private static Labels labels(Metric metric) {
        Description description = metric.description();
        return description.label().isEmpty() ? Labels.EMPTY : Labels.of(description.label(), description.labelValue());
    }

    private static double value(Metric metric, Observation observation) {
        return observation.values().get(metric) / (double) metric.perUnit();
    }

    private static String written(MetricSnapshots metrics) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            WRITER.write(text, metrics);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
