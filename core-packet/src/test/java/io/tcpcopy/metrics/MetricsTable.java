package io.tcpcopy.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The table of a program's numbers in the documentation, made from what it declares. */
public final class MetricsTable {
    /** A label with more values than these is described by its help alone. */
    private static final int MAX_VALUES = 20;

    private MetricsTable() {}

    /** A line of Markdown for each name, in the order in which they were added; those of later registries behind. */
    public static String of(Metrics... registries) {
        Map<String, List<Metric>> byName = new LinkedHashMap<>();
        for (Metrics registry : registries) {
            for (Metric metric : registry.all()) {
                List<Metric> ofName = byName.computeIfAbsent(registry.nameOf(metric), name -> new ArrayList<>());
                if (!ofName.contains(metric)) {
                    ofName.add(metric);
                }
            }
        }
        return "| name | type | label | meaning |\n| --- | --- | --- | --- |\n"
                + byName.entrySet().stream()
                        .map(entry -> line(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining());
    }

    private static String line(String name, List<Metric> metrics) {
        Metric first = metrics.get(0);
        for (Metric metric : metrics) {
            if (!metric.help().equals(first.help()) || !metric.label().equals(first.label())) {
                throw new IllegalStateException(name + " is declared in two ways");
            }
        }
        return "| `%s` | %s | %s | %s |%n"
                .formatted(name, first.isCounter() ? "counter" : "gauge", label(metrics), first.help());
    }

    private static String label(List<Metric> metrics) {
        String label = metrics.get(0).label();
        if (label.isEmpty() || metrics.size() > MAX_VALUES) {
            return label.isEmpty() ? "" : "`" + label + "`";
        }
        return "`" + label + "`: " + metrics.stream().map(Metric::labelValue).collect(Collectors.joining(", "));
    }
}
