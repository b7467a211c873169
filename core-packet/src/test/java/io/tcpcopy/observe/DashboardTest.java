package io.tcpcopy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grafana's dashboard asks for numbers that there are, in words that Prometheus understands. */
class DashboardTest {
    private static final Path DASHBOARD = Path.of("../docs/grafana-dashboard.json");
    private static final String VARIABLES = "{job=~\"$job\",instance=~\"$instance\"";
    private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{(\\w+)}}");
    /** A scrape interval of 15 s gives it this length. */
    private static final String RATE_INTERVAL = "1m";

    /** A line of a chart: its legend and its expression; both empty where a field is missing. */
    private record Line(String legend, String expression) {}

    private final List<Line> lines = new ArrayList<>();
    private final List<String> queries = new ArrayList<>();
    private Expressions expressions;

    @BeforeEach
    void read() throws IOException {
        expressions = new Expressions(DocumentedNumbers.read());
        try (JsonParser json = new JsonFactory().createParser(Files.readString(DASHBOARD))) {
            String expression = "";
            while (json.nextToken() != null) {
                // What is in a list has no name.
                if (json.currentToken() == JsonToken.VALUE_STRING && json.currentName() != null) {
                    switch (json.currentName()) {
                        case "expr" -> expression = json.getText();
                        case "legendFormat" -> lines.add(new Line(json.getText(), expression));
                        case "format" -> lines.add(new Line("", expression));
                        case "definition" -> queries.add(json.getText());
                        default -> {}
                    }
                }
            }
        }
        assertThat(lines).hasSizeGreaterThan(50);
    }

    @Test
    void eachExpressionNamesWhatIsDocumented() {
        lines.forEach(line -> expressions.assertDocumented(line.expression));
        assertThat(queries).hasSize(2).allSatisfy(query -> assertThat(query).contains("label_values("));
        queries.forEach(query -> assertThat(DocumentedNumbers.NAME
                        .matcher(query)
                        .results()
                        .map(MatchResult::group)
                        .peek(expressions::assertDocumented))
                .isNotEmpty());
    }

    @Test
    void eachNumberIsAskedForOfTheChosenInstancesAlone() {
        lines.forEach(line -> assertThat(
                        DocumentedNumbers.NAME.matcher(line.expression).results())
                .as(line.expression)
                .isNotEmpty()
                .allSatisfy(name ->
                        assertThat(line.expression.substring(name.end())).startsWith(VARIABLES)));
    }

    @Test
    void eachLineIsASumOrAnExtremeOverInstances() {
        assertThat(lines)
                .filteredOn(line -> !line.expression.contains("_info{"))
                .allMatch(line -> line.expression.matches("(?:sum|min|max|histogram_quantile)\\b.*"));
    }

    @Test
    void aLegendNamesLabelsThatItsExpressionKeeps() {
        assertThat(lines)
                .allSatisfy(line -> assertThat(Expressions.labelsKept(line.expression))
                        .containsAll(LEGEND_LABEL
                                .matcher(line.legend)
                                .results()
                                .map(label -> label.group(1))
                                .toList()));
    }

    @Test
    void bothProgramsAndEachKindOfTroubleHaveTheirLine() {
        Map<Boolean, Long> ofIntercept = lines.stream()
                .collect(Collectors.partitioningBy(
                        line -> line.expression.contains("(intercept_"), Collectors.counting()));
        assertThat(ofIntercept.get(true)).isGreaterThan(10);
        assertThat(ofIntercept.get(false)).isGreaterThan(30);
        assertThat(lines.stream().map(Line::expression))
                .anyMatch(expression -> expression.startsWith("sum by (reason)"))
                .anyMatch(expression -> expression.startsWith("sum by (errno)"));
    }

    @Test
    void promtoolUnderstandsEachExpression(@TempDir Path folder) throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
        for (int i = 0; i < lines.size(); i++) {
            rules.append("  - record: line:")
                    .append(i)
                    .append("\n    expr: '")
                    .append(lines.get(i).expression.replace("$__rate_interval", RATE_INTERVAL))
                    .append("'\n");
        }
        Path file = folder.resolve("dashboard.yml");
        Files.writeString(file, rules);

        assertThat(Promtool.approves("", "check", "rules", file.toString()))
                .contains("SUCCESS: " + lines.size() + " rules found");
    }
}
