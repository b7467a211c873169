package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.HostProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/options.md} speaks of every option, and names tests that there are. */
class DocumentedOptionsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path CHECKOUT = Path.of(Lab.script("test")).getParent().getParent();

    /** How {@code -h} begins an entry: {@code -x, --transfer LIST}. */
    private static final Pattern ENTRY = Pattern.compile("(?m)^ {2,6}(?:(-\\w)(?:, |\\b))?(--[\\w-]+)?");

    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    @TempDir
    private Path folder;

    private static String document() throws IOException {
        return Files.readString(CHECKOUT.resolve("docs/options.md"));
    }

    private static String withoutSectionsOf(String program) throws IOException {
        return document().replaceAll("(?ms)^## " + program + "\\b.*?(?=^## )", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcpcopy", "intercept"})
    void everyOptionIsDocumented(String program) throws IOException {
        String text = withoutSectionsOf(program.equals("tcpcopy") ? "intercept" : "tcpcopy");
        try (HostProcess help =
                HostProcess.start(program, folder.resolve("help"), List.of(Lab.script(program), "-h"))) {
            assertThat(help.waitFor(PATIENCE)).isZero();

            Set<String> options = ENTRY.matcher(help.output())
                    .results()
                    .flatMap(entry -> Stream.of(entry.group(1), entry.group(2)))
                    .filter(name -> name != null)
                    .collect(Collectors.toSet());

            assertThat(options).contains("-F", "--help");
            assertThat(options).allSatisfy(option -> assertThat(text).containsPattern("`" + option + "(?![\\w-])"));
        }
    }

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        Set<String> tests;
        try (Stream<Path> files = Files.walk(CHECKOUT)) {
            tests = files.filter(file -> file.toString().contains("/src/test/"))
                    .map(file -> file.toString().replaceAll(".*/(?:dialogues|java/.*)/(.*)\\.(?:txt|java)", "$1"))
                    .collect(Collectors.toSet());
        }
        List<String> proofs = document()
                .lines()
                .filter(line -> line.startsWith("| ") && line.endsWith(" |"))
                .map(line -> line.substring(line.lastIndexOf('|', line.length() - 2)))
                .flatMap(column -> QUOTED.matcher(column).results().map(match -> match.group(1)))
                .toList();

        assertThat(proofs).hasSizeGreaterThan(50);
        assertThat(tests).containsAll(proofs);
    }
}
