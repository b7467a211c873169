package io.tcpcopy.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The numbers of docs/metrics.md, to which page, dashboard and alerts are held. */
final class DocumentedNumbers {
    /** In a text: a whole name of a number of either program. */
    static final Pattern NAME = Pattern.compile("\\b(?:tcpcopy|intercept)(?:_[a-z0-9]+)+");

    private static final Path PAGE = Path.of("../docs/metrics.md");
    /** A row: name, type, labels and their values. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\| ([^|]*) \\|");

    private static final Pattern LABEL = Pattern.compile("`(\\w+)`");
    private static final Pattern SERIES_OF_A_HISTOGRAM = Pattern.compile("_(?:bucket|sum|count)$");
    private static final String HISTOGRAM = "histogram";

    private record Number(String type, List<String> labels, List<String> values) {
        private static Number of(MatchResult row) {
            String cell = row.group(3);
            int values = cell.indexOf("`: ");
            return new Number(
                    row.group(2),
                    LABEL.matcher(cell).results().map(label -> label.group(1)).toList(),
                    values < 0
                            ? List.of()
                            : List.of(cell.substring(values + "`: ".length()).split(", ")));
        }
    }

    private final Map<String, Number> numbers = new TreeMap<>();

    private DocumentedNumbers() {}

    /** Reads them. */
    static DocumentedNumbers read() throws IOException {
        DocumentedNumbers documented = new DocumentedNumbers();
        ROW.matcher(Files.readString(PAGE))
                .results()
                .forEach(row -> documented.numbers.put(row.group(1), Number.of(row)));
        return documented;
    }

    /** Whether there is a number, or a series of a histogram, of this name. */
    boolean has(String name) {
        return numbers.containsKey(name) || isOfHistogram(name);
    }

    private boolean isOfHistogram(String series) {
        Number number = numbers.get(nameOf(series));
        return number != null && number.type.equals(HISTOGRAM);
    }

    private String nameOf(String series) {
        return numbers.containsKey(series)
                ? series
                : SERIES_OF_A_HISTOGRAM.matcher(series).replaceFirst("");
    }

    /** The labels of a number or series; none of one that there is not. */
    Set<String> labels(String series) {
        Number number = numbers.get(nameOf(series));
        return number == null ? Set.of() : Set.copyOf(number.labels);
    }

    /** What values the label of a number has; none where any is possible. */
    List<String> values(String name) {
        Number number = numbers.get(name);
        return number == null ? List.of() : number.values;
    }
}
