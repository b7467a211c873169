package io.tcpcopy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.diagnosis.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each alert fires on what it is for, stays quiet on a healthy copy, and leads to a section of docs/diagnosis.md. */
class AlertRulesTest {
    private static final String RULES = "../docs/alert-rules.yml";
    /** The cases that promtool plays: what they say is asserted by it. */
    private static final String CASES = "src/test/resources/io/tcpcopy/observe/alert-rules-test.yml";

    private static final String ALERT = "- alert: ";
    private static final List<String> PARTS =
            List.of(" expr: ", " for: ", " severity: ", " summary: ", " description: ");
    private static final Pattern SEVERITY = Pattern.compile(" severity: (?:warning|critical) ");
    private static final Pattern CODE_WITH_TITLE = Pattern.compile("(TC\\d+) \"([^\"]+)\"");
    private static final Pattern CODE = Pattern.compile("TC\\d+");
    private static final Pattern CASE = Pattern.compile("alertname=\"(\\w+)\"");
    /** The value of a label that a description has a code for. */
    private static final Pattern VALUE = Pattern.compile("if eq \\. \"([^\"]+)\" }}");
    /** Not about a copy: no code is. */
    private static final String WITHOUT_CODE = "TcpcopyEndpointDown";

    private static final Pattern NO_LOSS = Pattern.compile("reason!~\"([^\"]+)\"");

    private DocumentedNumbers numbers;
    /** By name, each on a line of its own. */
    private Map<String, String> rules;

    @BeforeEach
    void read() throws IOException {
        numbers = DocumentedNumbers.read();
        rules = Arrays.stream(Files.readString(Path.of(RULES)).split(ALERT))
                .skip(1)
                .map(rule -> rule.replaceAll("\\s+", " "))
                .collect(Collectors.toMap(rule -> rule.substring(0, rule.indexOf(' ')), rule -> rule));
        assertThat(rules).hasSizeGreaterThan(15);
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    private static String expression(String rule) {
        return rule.substring(rule.indexOf(" expr: "), rule.indexOf(" for: "));
    }

    @Test
    void eachRuleIsWholeAndNamesWhatIsDocumented() {
        Expressions expressions = new Expressions(numbers);

        assertThat(rules.values())
                .allSatisfy(rule -> assertThat(rule).contains(PARTS).containsPattern(SEVERITY));
        rules.values().forEach(rule -> expressions.assertDocumented(expression(rule)));
    }

    @Test
    void eachRuleLeadsToASectionOfTheDiagnosis() {
        List<String> sections = Arrays.stream(Code.values())
                .map(code -> code.text() + " " + code.title())
                .toList();
        List<String> codes = Arrays.stream(Code.values()).map(Code::text).toList();

        rules.forEach((name, rule) -> {
            if (!name.equals(WITHOUT_CODE)) {
                assertThat(rule).containsPattern(CODE).contains("docs/diagnosis.md");
            }
            assertThat(CODE_WITH_TITLE
                            .matcher(rule)
                            .results()
                            .map(section -> section.group(1) + " " + section.group(2)))
                    .isSubsetOf(sections);
            assertThat(CODE.matcher(rule).results().map(MatchResult::group)).isSubsetOf(codes);
        });
    }

    @Test
    void eachReasonOfALossAndEachWayNotToLeaveHasItsCode() {
        String losses = rules.get("TcpcopyLosesRequests");
        List<String> noLoss = List.of(found(NO_LOSS, losses).get(0).split("\\|"));

        assertThat(found(VALUE, losses))
                .containsExactlyInAnyOrderElementsOf(numbers.values("tcpcopy_ledger_dropped_requests_total").stream()
                        .filter(reason -> !noLoss.contains(reason))
                        .toList());
        assertThat(found(VALUE, rules.get("TcpcopyPacketsDoNotLeave")))
                .containsExactlyInAnyOrderElementsOf(numbers.values("tcpcopy_injected_packets_total").stream()
                        .filter(result -> !result.equals("sent"))
                        .toList());
    }

    @Test
    void eachRuleHasACaseInWhichItFires() throws IOException {
        assertThat(found(CASE, Files.readString(Path.of(CASES)))).containsAll(rules.keySet());
    }

    @Test
    void promtoolSeesEachRuleFireOnItsCaseAloneAndNoneOnAHealthyCopy() throws Exception {
        assertThat(Promtool.approves("", "check", "rules", RULES)).contains("SUCCESS: " + rules.size() + " rules");
        assertThat(Promtool.approves("", "test", "rules", CASES)).contains("SUCCESS");
    }
}
