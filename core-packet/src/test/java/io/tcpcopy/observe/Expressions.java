package io.tcpcopy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asserts of expressions of Prometheus that what they name is there. */
final class Expressions {
    private static final Pattern SELECTOR = Pattern.compile(DocumentedNumbers.NAME.pattern() + "\\{[^}]*}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)(?:=~|!~|!=|=)\"([^\"]*)\"");
    private static final Pattern BY = Pattern.compile("\\b(?:by|on) \\(([^)]*)\\)");
    /** What Prometheus itself gives to everything that it reads. */
    private static final Set<String> OF_THE_SCRAPE = Set.of("job", "instance");

    private final DocumentedNumbers numbers;

    Expressions(DocumentedNumbers numbers) {
        this.numbers = numbers;
    }

    /** Asserts that all names, labels and values of labels are documented. */
    void assertDocumented(String expression) {
        List<String> names = DocumentedNumbers.NAME
                .matcher(expression)
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(names).as(expression).allMatch(numbers::has);
        SELECTOR.matcher(expression).results().map(MatchResult::group).forEach(this::assertMatches);
        assertThat(labelsKept(expression)).as(expression).allMatch(label -> isLabelOf(names, label));
    }

    private void assertMatches(String selector) {
        String name = selector.substring(0, selector.indexOf('{'));
        for (MatchResult matcher : MATCHER.matcher(selector).results().toList()) {
            String label = matcher.group(1);
            if (!OF_THE_SCRAPE.contains(label)) {
                assertThat(numbers.labels(name)).as(selector).contains(label);
                assertThat(numbers.values(name))
                        .as(selector)
                        .containsAll(List.of(matcher.group(2).split("\\|")));
            }
        }
    }

    /** The labels that sums keep, and by which series are put together. */
    static Set<String> labelsKept(String expression) {
        return BY.matcher(expression)
                .results()
                .flatMap(by -> Arrays.stream(by.group(1).split(", ")))
                .collect(Collectors.toSet());
    }

    private boolean isLabelOf(List<String> names, String label) {
        return Stream.concat(OF_THE_SCRAPE.stream(), names.stream().flatMap(name -> numbers.labels(name).stream()))
                .anyMatch(label::equals);
    }
}
