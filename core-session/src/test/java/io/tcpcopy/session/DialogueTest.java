package io.tcpcopy.session;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every dialogue below {@code dialogues}: a folder for each behaviour, a file for each rule. Sessions are used again
 * for other connections, and must not remember what they were: each dialogue is performed twice, unless it says
 * {@code # once} since it speaks of the start of the program.
 */
class DialogueTest {
    @TestFactory
    Stream<DynamicTest> dialogues() throws IOException, URISyntaxException {
        Path root = root();
        return files(root).stream()
                .map(file ->
                        DynamicTest.dynamicTest(root.relativize(file).toString(), file.toUri(), () -> perform(file)));
    }

    static Path root() throws URISyntaxException {
        return Path.of(DialogueTest.class.getResource("/dialogues").toURI());
    }

    static List<Path> files(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static void perform(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        Dialogue dialogue = new Dialogue(lines);
        perform(dialogue, file.toString());
        if (!lines.contains("# once")) {
            dialogue.clear();
            perform(dialogue, "second performance of " + file);
        }
    }

    private static void perform(Dialogue dialogue, String what) {
        try {
            dialogue.perform();
        } catch (AssertionError problem) {
            throw new AssertionError(what + ", " + problem.getMessage(), problem);
        }
    }
}
