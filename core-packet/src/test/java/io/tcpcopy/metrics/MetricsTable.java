package io.tcpcopy.metrics;

import io.tcpcopy.observe.PrometheusText;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The table of a program's numbers in the documentation, made from what it declares. */
public final class MetricsTable {
    /** A label with more values than these is described by its help alone. */
    private static final int MAX_VALUES = 20;

    private MetricsTable() {}

    /** A line of Markdown for each name, in the order in which they were added; those of later registries behind. */
    public static String of(Metrics... registries) {
        Map<String, Set<Description>> byName = new LinkedHashMap<>();
        for (Metrics registry : registries) {
            for (Metric metric : registry.all()) {
                byName.computeIfAbsent(registry.nameOf(metric), name -> new LinkedHashSet<>())
                        .add(metric.description());
            }
        }
        Map<String, Description> histograms = new LinkedHashMap<>();
        for (Metrics registry : registries) {
            for (Histogram histogram : registry.histograms()) {
                histograms.put(registry.nameOf(histogram.description()), histogram.description());
            }
        }
        return "| name | type | label | meaning |\n| --- | --- | --- | --- |\n"
                + byName.entrySet().stream()
                        .map(entry -> line(entry.getKey(), List.copyOf(entry.getValue())))
                        .collect(Collectors.joining())
                + histograms.entrySet().stream()
                        .map(entry -> row(
                                entry.getKey(),
                                "histogram",
                                "`le`",
                                entry.getValue().help()))
                        .collect(Collectors.joining())
                + row(
                        registries[0].nameOf("info"),
                        "info",
                        registries[0].labels().keySet().stream()
                                .map(label -> "`" + label + "`")
                                .collect(Collectors.joining(", ")),
                        PrometheusText.INFO_HELP);
    }

    private static String row(String name, String type, String label, String meaning) {
        return "| `%s` | %s | %s | %s |%n".formatted(name, type, label, meaning);
    }

    private static String line(String name, List<Description> descriptions) {
        Description first = descriptions.get(0);
        for (Description other : descriptions) {
            if (!other.help().equals(first.help()) || !other.label().equals(first.label())) {
                throw new IllegalStateException(name + " is declared in two ways");
            }
        }
        return row(name, first.isCounter() ? "counter" : "gauge", label(descriptions), first.help());
    }

    private static String label(List<Description> descriptions) {
        String label = descriptions.get(0).label();
        if (label.isEmpty() || descriptions.size() > MAX_VALUES) {
            return label.isEmpty() ? "" : "`" + label + "`";
        }
        return "`" + label + "`: "
                + descriptions.stream().map(Description::labelValue).collect(Collectors.joining(", "));
    }
}
