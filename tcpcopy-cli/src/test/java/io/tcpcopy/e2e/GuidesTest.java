package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.GuideText.Block;
import io.tcpcopy.e2e.GuideText.Commands;
import io.tcpcopy.e2e.GuideText.Output;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guides are found, and each is one that a test follows. */
class GuidesTest {
    private static final Path TESTS =
            Path.of(Lab.script("test")).resolveSibling("../tcpcopy-cli/src/test/java/io/tcpcopy/e2e");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)]*)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    private static List<String> names() throws IOException {
        return GuideText.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void eachGuideIsInTheIndex(String name) throws IOException {
        assertThat(GuideText.index()).contains("](" + name + ".md)");
    }

    @ParameterizedTest
    @MethodSource("names")
    void eachGuideIsFollowedByATest(String name) throws IOException {
        try (Stream<Path> files = Files.list(TESTS)) {
            String tests = files.filter(file -> file.toString().endsWith("IT.java"))
                    .map(GuidesTest::read)
                    .collect(Collectors.joining());

            assertThat(tests).contains("new Guide(lab, \"" + name + "\")");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadToSectionsThatThereAre(String page) {
        List<String> links = LINK.matcher(read(GuideText.FOLDER.resolve(page)))
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.startsWith("http"))
                .toList();

        assertThat(links).isNotEmpty().allSatisfy(link -> {
            String[] parts = link.split("#", 2);
            Path document = GuideText.FOLDER.resolve(parts[0].isEmpty() ? page : parts[0]);
            assertThat(document).exists();
            assertThat(parts.length == 1 || anchors(document).contains(parts[1]))
                    .isTrue();
        });
    }

    private static List<String> pages() throws IOException {
        return Stream.concat(Stream.of("README.md"), names().stream().map(name -> name + ".md"))
                .toList();
    }

    /** As GitHub makes them of headings. */
    private static List<String> anchors(Path document) {
        return HEADING.matcher(read(document))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .toList();
    }

    /** A test waits for it, and so does a reader. */
    @ParameterizedTest
    @MethodSource("names")
    void eachProgramThatKeepsRunningSaysHowOneSeesThatItRuns(String name) {
        List<Block> blocks = GuideText.read(name).blocks();

        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i) instanceof Commands commands && commands.keepsRunning()) {
                assertThat(i + 1 < blocks.size() && blocks.get(i + 1) instanceof Output)
                        .as(commands.script())
                        .isTrue();
            }
        }
    }

    @Test
    void numbersOfShownOutputStandForOthersButZeroAndAddressesDoNot() {
        ShownLines shown = new ShownLines(List.of("ok  TC401 10.1.9.9 took 1.7 ms, lost:0", "sent:300 ..."));

        assertThat(shown.missingIn("... ok TC401 10.1.9.9 took 23 ms, lost:0\nother\nsent:7 of 8"))
                .isEmpty();
        assertThat(shown.missingIn("ok TC401 10.1.9.9 took 23 ms, lost:10\nsent:7 of 8"))
                .isPresent();
        assertThat(shown.missingIn("ok TC402 10.1.9.9 took 23 ms, lost:0\nsent:7 of 8"))
                .isPresent();
        assertThat(shown.missingIn("ok TC401 10.1.9.8 took 23 ms, lost:0\nsent:7 of 8"))
                .isPresent();
        assertThat(shown.missingIn("ok TC401 10.1.9.9 took 23 ms, lost:0\nsent:0 of 8"))
                .contains("sent:300 ...");
        assertThat(new ShownLines(List.of("drops 0.0")).missingIn("drops 300.0"))
                .isPresent();
        assertThat(shown.missingIn("sent:7 of 8\nok TC401 10.1.9.9 took 23 ms, lost:0"))
                .contains("sent:300 ...");
    }
}
