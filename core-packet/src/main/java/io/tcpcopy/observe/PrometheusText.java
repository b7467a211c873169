package io.tcpcopy.observe;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Durations;
import io.tcpcopy.metrics.Histogram;
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

    /** What the labels of a program are shown with. */
    public static final String INFO_HELP = "What runs, which stays as it is; its value is always 1.";

    private static final String INFO = "info";

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
        if (!registry.labels().isEmpty()) {
            all.metricSnapshot(info(registry));
        }
        byName.forEach((name, metrics) -> all.metricSnapshot(
                metrics.get(0).description().isCounter()
                        ? counter(name, metrics, observation)
                        : gauge(name, metrics, observation)));
        for (Histogram histogram : registry.histograms()) {
            all.metricSnapshot(histogram(registry.nameOf(histogram.description()), histogram, observation));
        }
        return written(all.build());
    }

    private static MetricSnapshot info(Metrics registry) {
        String[] names = registry.labels().keySet().toArray(String[]::new);
        String[] values = registry.labels().values().toArray(String[]::new);
        return InfoSnapshot.builder()
                .name(registry.nameOf(INFO))
                .help(INFO_HELP)
                .dataPoint(InfoDataPointSnapshot.builder()
                        .labels(Labels.of(names, values))
                        .build())
                .build();
    }

    private static MetricSnapshot counter(String name, List<Metric> metrics, Observation observation) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name(name)
                .help(metrics.get(0).description().help());
        metrics.forEach(metric -> counter.dataPoint(CounterDataPointSnapshot.builder()
                .labels(labels(metric))
                .value(value(metric, observation))
                .build()));
        return counter.build();
    }

    private static MetricSnapshot gauge(String name, List<Metric> metrics, Observation observation) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name(name)
                .help(metrics.get(0).description().help());
        metrics.forEach(metric -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(labels(metric))
                .value(value(metric, observation))
                .build()));
        return gauge.build();
    }

    private static MetricSnapshot histogram(String name, Histogram histogram, Observation observation) {
        Durations durations = observation.values().get(histogram);
        double[] bounds = Durations.bounds();
        long[] counts = new long[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            counts[i] = durations.count(i);
        }
        return HistogramSnapshot.builder()
                .name(name)
                .help(histogram.description().help())
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                        .sum(durations.sum())
                        .build())
                .build();
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
