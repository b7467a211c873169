package io.tcpcopy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A code that somebody reads in a log has a section in docs/diagnosis.md. */
class DocumentedCodesTest {
    private static final Path PAGE = Path.of("../docs/diagnosis.md");
    private static final Path SCRIPT = Path.of("../scripts/doctor-target");
    private static final Pattern HEADING = Pattern.compile("(?m)^## (.*)$");
    private static final Pattern LINK = Pattern.compile("\\]\\(#([^)]*)\\)");
    /** How the script knows a title. */
    private static final Pattern TITLE = Pattern.compile("(?m)^ *(TC\\d+)\\) echo \"([A-Z][^\"]*)\"");

    private static final List<String> PARTS =
            List.of("- **Symptom:** ", "- **Cause:** ", "- **Remedy:** ", "- **How to check:** ");
    private static final int MOST_LINES = 10;

    private static List<String> headings() throws IOException {
        return HEADING.matcher(Files.readString(PAGE))
                .results()
                .map(heading -> heading.group(1))
                .toList();
    }

    private static String heading(Code code) {
        return code.text() + " " + code.title();
    }

    private static String section(Code code) throws IOException {
        String page = Files.readString(PAGE);
        String start = "\n## " + heading(code) + "\n";
        assertThat(page).contains(start);
        return page.substring(page.indexOf(start) + start.length())
                .split("\n#", 2)[0]
                .strip();
    }

    @Test
    void eachHeadingIsACodeWithItsTitleInTheOrderOfTheNumbers() throws IOException {
        assertThat(headings())
                .containsExactlyElementsOf(Arrays.stream(Code.values())
                        .map(DocumentedCodesTest::heading)
                        .sorted()
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(Code.class)
    void aSectionTellsSymptomCauseRemedyAndHowToCheck(Code code) throws IOException {
        List<String> lines = section(code).lines().toList();

        assertThat(lines.stream().filter(line -> line.startsWith("- ")))
                .zipSatisfy(
                        PARTS, (line, part) -> assertThat(line).startsWith(part).hasSizeGreaterThan(part.length()));
        assertThat(lines).hasSizeLessThanOrEqualTo(MOST_LINES);
    }

    @Test
    void aNumberBelongsToOneCode() {
        assertThat(Arrays.stream(Code.values()).map(Code::text)).doesNotHaveDuplicates();
    }

    @Test
    void theTableOfSymptomsLeadsToSections() throws IOException {
        List<String> anchors = headings().stream()
                .map(heading ->
                        heading.toLowerCase().replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
                .toList();
        Stream<MatchResult> links = LINK.matcher(Files.readString(PAGE)).results();

        assertThat(links.map(link -> link.group(1))).isNotEmpty().isSubsetOf(anchors);
    }

    @Test
    void theScriptForTheTargetHasTheTitlesOfTheCodes() throws IOException {
        Stream<MatchResult> titles = TITLE.matcher(Files.readString(SCRIPT)).results();

        assertThat(titles.map(title -> title.group(1) + " " + title.group(2)))
                .isNotEmpty()
                .isSubsetOf(Arrays.stream(Code.values())
                        .map(DocumentedCodesTest::heading)
                        .toList());
    }
}
