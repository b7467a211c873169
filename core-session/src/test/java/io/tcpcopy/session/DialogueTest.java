package io.tcpcopy.session;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs every dialogue below {@code dialogues}: a folder for each behaviour, a file for each rule. */
class DialogueTest {
    @TestFactory
    Stream<DynamicTest> dialogues() throws IOException, URISyntaxException {
        Path root = Path.of(DialogueTest.class.getResource("/dialogues").toURI());
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(
                        root.relativize(file).toString(), file.toUri(), () -> Dialogue.run(Files.readAllLines(file))));
    }
}
