package io.tcpcopy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The status page needs nothing but the program that serves it, and knows that program's numbers by their right names. */
class StatusPageTest {
    private static final int MOST_BYTES = 64_000;
    private static final String SVG = "http://www.w3.org/2000/svg";
    private static final List<String> PROGRAMS = List.of("tcpcopy", "intercept");
    /** A number that both programs may have, without the program's name. */
    private static final Pattern OWN = Pattern.compile("\\bown\\(\"(\\w+)\"\\)");

    private static final Pattern LABELLED = Pattern.compile("\\blabelled\\(\"(\\w+)\", \"(\\w+)\", \"([^\"]+)\"\\)");
    private static final Pattern KEY = Pattern.compile("(?m)^  \"([^\"]+)\": ");

    private DocumentedNumbers numbers;
    private String page;

    @BeforeEach
    void read() throws IOException {
        try (InputStream resource = getClass().getResourceAsStream("status.html")) {
            page = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
        numbers = DocumentedNumbers.read();
    }

    private static List<MatchResult> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }

    /** The keys of an object that is a constant of the page. */
    private Set<String> keysOf(String constant) {
        String start = "const " + constant + " = {";
        assertThat(page).contains(start);
        String object = page.substring(page.indexOf(start)).split("\n};", 2)[0];
        return found(KEY, object).stream().map(key -> key.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void loadsNothingFromElsewhere() {
        assertThat(page.replace(SVG, "")).doesNotContain("http://", "https://", "//cdn", "@import", "url(", "import(");
        assertThat(page)
                .doesNotContain(" src=", "<iframe", "<object", "<embed", "new Worker", "WebSocket", "EventSource");
        assertThat(found(Pattern.compile("\\bhref=\"([^\"]*)\""), page))
                .allSatisfy(link -> assertThat(link.group(1)).startsWith("data:"));
    }

    @Test
    void asksTheProgramForWhatItServesAndForNothingElse() {
        assertThat(found(Pattern.compile("\\bfetch\\("), page)).hasSize(1);
        assertThat(found(Pattern.compile("\\bask\\(\"([^\"]*)\"\\)"), page).stream()
                        .map(path -> path.group(1)))
                .containsExactlyInAnyOrder("metrics", "ready", "diagnosis");
    }

    @Test
    void whatTheProgramSaysIsNeverTakenForMarkup() {
        assertThat(page).doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }

    @Test
    void isSmall() {
        assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(MOST_BYTES);
    }

    @Test
    void eachNumberThatItNamesIsDocumented() {
        Set<String> names = found(DocumentedNumbers.NAME, page).stream()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(names).hasSizeGreaterThan(40).allMatch(numbers::has);
    }

    @Test
    void eachNumberOfBothProgramsBelongsToOneOfThemAtLeast() {
        List<MatchResult> own = found(OWN, page);

        assertThat(own)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(PROGRAMS.stream().map(program -> program + "_" + name.group(1)))
                        .anyMatch(numbers::has));
    }

    @Test
    void eachLabelThatItNamesIsDocumentedWithItsValue() {
        assertThat(found(LABELLED, page)).isNotEmpty().allSatisfy(labelled -> {
            assertThat(numbers.labels(labelled.group(1))).contains(labelled.group(2));
            assertThat(numbers.values(labelled.group(1))).contains(labelled.group(3));
        });
    }

    @Test
    void saysOfEachReasonOfTheLedgerWhatItMeans() {
        assertThat(keysOf("REASONS"))
                .containsExactlyInAnyOrderElementsOf(numbers.values("tcpcopy_ledger_dropped_requests_total"));
    }

    @Test
    void whatIsNoLossAndWhatIsNotCopiedAreKnownToTheProgram() {
        String noLoss = page.split("const NO_LOSS = \\[", 2)[1].split("\\]", 2)[0].replace("\"", "");

        assertThat(numbers.values("tcpcopy_ledger_dropped_requests_total"))
                .containsAll(Arrays.asList(noLoss.split(", ")));
        assertThat(numbers.values("tcpcopy_captured_packets_total")).containsAll(keysOf("NOT_COPIED"));
    }

    @Test
    void hasAnAnswerAndAShapeForEachState() {
        Stream.of("yes", "no", "doubt", "idle", "gone")
                .forEach(state -> assertThat(page).contains("verdict(\"" + state + "\"", state + ": \"M"));
    }
}
